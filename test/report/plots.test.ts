import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import {
  gridPoints,
  plotClouds,
  plotLoss,
  plotPath,
  plotSamples,
  plotWorkPrecision,
  svgToPng,
} from '../../src/report/index.ts';
import { cloud, embedded, peak, words } from './support.ts';

test('two dimensions: data, samples and density side by side on the same axes', async () => {
  const [x, y] = [[-3, 3] as const, [-3, 3] as const];
  const { data: points } = gridPoints({ x, y, nx: 30, ny: 30 });
  const at = (i: number) => Math.exp(-8 * ((points[2 * i]! - 1.5) ** 2 + (points[2 * i + 1]! + 2) ** 2));
  const values = { data: Float32Array.from({ length: 900 }, (_, i) => at(i)), shape: [30, 30] };
  const svg = await plotSamples({
    data: cloud(400, 2),
    samples: cloud(300, 2),
    density: { values, x, y },
    title: 'A < B',
  });
  expect(words(svg)).toEqual(
    expect.arrayContaining(['A &lt; B', 'data', 'samples', 'model density', '300 points', 'x₁', 'x₂']),
  );
  expect(embedded(svg).map(({ width, height }) => [width, height])).toEqual([
    [460, 460],
    [460, 460],
    [460, 460],
  ]);
  const heat = embedded(svg)[2]!;
  const darkest = peak(460 * 460, i => -heat.data[4 * i + 1]!);
  expect((darkest % 460) / 460).toBeCloseTo((1.5 + 3) / 6, 1);
  expect(Math.floor(darkest / 460) / 460).toBeCloseTo(1 - (-2 + 3) / 6, 1);
});

test.each([2, 3])('axes of %d columns show dates and names, not their numbers', async width => {
  const count = 300;
  const values = Float64Array.from({ length: count * width }, (_, i) => {
    const row = Math.floor(i / width);
    return [18_262 + 3 * row, row % 4, Math.sin(row)][i % width]!;
  });
  const data = { data: values, shape: [count, width] };
  const axes = [{ kind: 'date' }, { kind: 'names', names: ['fog', 'rain', 'snow', 'sun'] }] as const;
  const shown = words(await plotSamples({ data, samples: data, columns: ['day', 'sky', 'z'], words: axes }));
  expect(shown).toEqual(expect.arrayContaining(['fog', 'rain', 'snow', 'sun', '2021', '2022', 'day', 'sky']));
  expect(shown.filter(text => /^1[89],\d{3}$/.test(text))).toEqual([]);
});

test('the same points give the same picture for data and samples, except for the colour', async () => {
  const [data, samples] = embedded(await plotSamples({ data: cloud(200, 2), samples: cloud(200, 2) }));
  const opacity = (png: typeof data) => Buffer.from(png!.data.filter((_, i) => i % 4 === 3));
  expect(opacity(samples).equals(opacity(data))).toBe(true);
  expect(opacity(data).some(alpha => alpha > 100)).toBe(true);
});

test('points far outside are counted, and do not move the window', async () => {
  const data = cloud(5000, 2);
  const samples = {
    ...data,
    data: data.data.map((value, i) => (i === 0 ? 1e6 : i === 3 ? Number.NaN : value)),
  };
  const [wild, calm] = [await plotSamples({ data, samples }), await plotSamples({ data, samples: data })].map(
    words,
  );
  const ticks = (texts: readonly string[]) => texts.filter(text => /^[−\d.]+$/.test(text));
  expect(wild!.filter(text => text.startsWith('5,000 points'))).toEqual([
    '5,000 points',
    '5,000 points, 2 not shown',
  ]);
  expect(ticks(wild!)).toEqual(ticks(calm!));
});

test('one dimension: histograms and the density as a line', async () => {
  const values = { data: new Float32Array(50).fill(0.2), shape: [50] };
  const svg = await plotSamples({
    data: cloud(300, 1),
    samples: cloud(300, 1),
    density: { values, x: [-2, 2] },
    columns: ['height'],
  });
  expect(words(svg)).toEqual(expect.arrayContaining(['height', 'data', 'samples', 'density']));
  expect(embedded(svg)).toHaveLength(0);
});

test('many dimensions: at most twelve histograms by name, and the principal axes', async () => {
  const svg = await plotSamples({ data: cloud(100, 15), samples: cloud(80, 15), columns: ['age', 'income'] });
  const shown = words(svg).filter(word => /^(age|income|x[₀-₉]+)$/.test(word));
  expect(shown).toEqual([
    'age',
    'income',
    ...['₃', '₄', '₅', '₆', '₇', '₈', '₉', '₁₀', '₁₁', '₁₂'].map(i => `x${i}`),
  ]);
  expect(words(svg).some(word => /^first principal axis \(\d+ %\)$/.test(word))).toBe(true);
  expect(embedded(svg)).toHaveLength(2);
});

test('shapes that do not fit together are refused and named', async () => {
  const [data, samples] = [cloud(10, 2), cloud(10, 3)];
  await expect(plotSamples({ data, samples })).rejects.toThrow(/width.*got 3.*expected 2/);
  const density = { values: { data: new Float32Array(4), shape: [4] }, x: [0, 1] as const };
  await expect(plotSamples({ data, samples: data, density })).rejects.toThrow(/\[ny, nx\]/);
  await expect(plotSamples({ data: { data: data.data, shape: [7, 2] }, samples: data })).rejects.toThrow(
    /20 values/,
  );
});

test('a positive loss has a logarithmic axis, a loss that goes below zero a linear one', async () => {
  const falling = Array.from({ length: 50 }, (_, i) => ({ step: i * 100, loss: 10 ** (1 - i / 10) }));
  expect(words(await plotLoss(falling))).toEqual(
    expect.arrayContaining(['10¹', '10⁰', '10⁻¹', '10⁻²', 'step', 'loss', '2k']),
  );
  const below = await plotLoss([...falling, { step: 5000, loss: -4 }, { step: 5100, loss: Number.NaN }], {
    title: 'mine',
  });
  expect(words(below)).toEqual(expect.arrayContaining(['mine', 'left out as not finite: 1', '−4', '0', '4']));
  await expect(plotLoss([{ step: 0, loss: Number.NaN }])).rejects.toThrow(/finite loss/);
});

test('a loss within two decades has ticks at 1, 2 and 5, and one that hardly falls a linear axis', async () => {
  const some = Array.from({ length: 10 }, (_, step) => ({ step, loss: 0.3 + 0.1 * step }));
  expect(words(await plotLoss(some))).toEqual(expect.arrayContaining(['0.5', '1']));
  const flat = some.map(({ step, loss }) => ({ step, loss: 1 + 0.1 * loss }));
  expect(words(await plotLoss(flat))).toEqual(expect.arrayContaining(['1.04', '1.08', '1.12']));
});

test('the quality of samples is below the loss, with its floor', async () => {
  const losses = Array.from({ length: 10 }, (_, step) => ({ step, loss: 0.3 + 0.1 * step }));
  const points = [2, 5, 8].map(step => ({ step, distance: 1 / (1 + step) }));
  const drawn = words(await plotLoss(losses, { quality: { floor: 0.05, points } }));
  expect(drawn).toEqual(
    expect.arrayContaining(['loss', 'distance of samples to data', 'two sets of data', '0.1']),
  );
  expect(drawn.filter(word => word === 'step')).toHaveLength(1);
  expect(words(await plotLoss(losses, { quality: { floor: 0.05, points: [] } }))).not.toContain(
    'two sets of data',
  );
});

test('work and precision: a curve for each solver in both panels, and once in the legend', async () => {
  const solvers = ['euler', 'heun', 'dpm'];
  const rows = solvers.flatMap((solver, k) =>
    [10, 100, 1000].map(n => ({ solver, evaluations: n, seconds: 0.01 * n, error: n ** -(k + 1) })),
  );
  const svg = await plotWorkPrecision([...rows, { solver: 'euler', evaluations: 10, seconds: 0, error: 1 }]);
  for (const solver of solvers) expect(words(svg).filter(word => word === solver)).toHaveLength(1);
  expect(words(svg)).toEqual(
    expect.arrayContaining([
      'score evaluations',
      'seconds',
      '10³',
      '10⁻⁸',
      'left out as not positive and finite: 1',
    ]),
  );
  expect(svg.match(/aria-roledescription="line mark"/g)).toHaveLength(6);
  await expect(plotWorkPrecision([])).rejects.toThrow(/No row/);
});

test('trajectories show the first and the last frame, and at most eight', async () => {
  const frames = Array.from({ length: 50 }, (_, i) => ({ t: 1 - i / 49, x: cloud(40, 2) }));
  const svg = await plotPath(frames);
  const times = words(svg).filter(word => word.startsWith('t ='));
  expect(times).toHaveLength(8);
  expect([times[0], times.at(-1)]).toEqual(['t = 1', 't = 0']);
  expect(embedded(svg)).toHaveLength(8);
  await expect(plotPath([{ t: 0, x: cloud(4, 3) }])).rejects.toThrow(/\[n, 2\]/);
});

test('text is drawn without system fonts, and the scale sets the pixels', async () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" font-family="Source Sans 3"><text x="2" y="15">${text}</text></svg>`;
  const dark = async (text: string) =>
    decode(await svgToPng(svg(text))).data.filter(value => value < 100).length;
  const { width, height } = decode(await svgToPng(svg('a'), { scale: 3 }));
  expect([width, height]).toEqual([180, 60]);
  expect(await dark('')).toBe(0);
  expect(await dark('σ 10⁻³')).toBeGreaterThan(200);
  await expect(svgToPng(svg('a'), { scale: 0 })).rejects.toThrow(/scale/);
});

test('work and precision: the floor is a dashed line in both panels, and widens the axis', async () => {
  const rows = [10, 100].map(n => ({ solver: 'heun', evaluations: n, seconds: n, error: 1 / n }));
  const dashed = (svg: string) => svg.match(/stroke-dasharray="4,3"/g) ?? [];
  const svg = await plotWorkPrecision(rows, { floor: 1e-5 });
  expect(dashed(svg)).toHaveLength(2);
  expect(dashed(await plotWorkPrecision(rows))).toHaveLength(0);
  expect(words(svg)).toContain('10⁻⁵');
});

test('clouds: a panel for each with its name, all in one window', async () => {
  const x = { data: Float32Array.from({ length: 200 }, (_, i) => Math.sin(i)), shape: [100, 2] };
  const far = { data: x.data.map(v => v + 100), shape: [100, 2] };
  const svg = await plotClouds([
    { title: 'data', x, data: true },
    { title: 'astray', subtitle: 'and how far', x: far },
  ]);
  expect(words(svg)).toEqual(expect.arrayContaining(['data', 'astray', 'and how far']));
  expect(words(svg).filter(word => word === '100').length).toBeGreaterThan(1);
  await expect(plotClouds([])).rejects.toThrow(/No clouds/);
  await expect(plotClouds([{ title: 'a', x: { data: x.data, shape: [200, 1] } }])).rejects.toThrow(
    /\[n, 2\]/,
  );
});
