import { expect, test } from 'vitest';
import { rgb } from '../../src/report/color.ts';
import { plotImages, plotPath, plotSamples } from '../../src/report/index.ts';
import { scatterRaster } from '../../src/report/raster.ts';
import { thin } from '../../src/report/table.ts';
import { cloud, embedded, words } from './support.ts';

const names = ['setosa', 'versicolor', 'virginica'];
const thirds = (n: number) => Int32Array.from({ length: n }, (_, i) => Math.floor((3 * i) / n));
const colours = (png: { readonly data: ArrayLike<number> }) => {
  const seen = new Set<string>();
  for (let i = 0; i < png.data.length; i += 4)
    if (png.data[i + 3]! > 0) seen.add([png.data[i], png.data[i + 1], png.data[i + 2]].join());
  return seen;
};

test.each([
  { width: 2, what: 'points of the plane' },
  { width: 5, what: 'points along principal axes' },
])('$what have a colour for each class, in both panels, and a legend with the names', async ({ width }) => {
  const classes = { names, title: 'species', data: thirds(90), samples: thirds(60) };
  const both = { data: cloud(90, width), samples: cloud(60, width) };
  const svg = await plotSamples({ ...both, classes });
  const shown = words(svg).filter(word => [...names, 'species'].includes(word));
  expect(shown.toSorted()).toEqual([...names, 'species'].toSorted());
  const [here, there] = embedded(svg).map(colours);
  const alone = await plotSamples({
    ...both,
    classes: { ...classes, data: new Int32Array(90), samples: new Int32Array(60).fill(2) },
  });
  const [zero, two] = embedded(alone).map(colours);
  expect([zero!.size, two!.size]).toEqual([1, 1]);
  expect([...zero!]).not.toEqual([...two!]);
  for (const set of [here!, there!]) for (const one of [...zero!, ...two!]) expect(set).toContain(one);
  expect(embedded(await plotSamples(both)).map(png => colours(png).size)).toEqual([1, 1]);
});

test('the density and the classes each have a legend', async () => {
  const density = {
    values: { data: new Float32Array(4).fill(0.3), shape: [2, 2] },
    x: [-3, 3],
    y: [-3, 3],
  } as const;
  const classes = { names, data: thirds(30), samples: thirds(30) };
  const svg = await plotSamples({ data: cloud(30, 2), samples: cloud(30, 2), classes, density });
  expect(words(svg)).toEqual(expect.arrayContaining([...names, '0.3']));
});

test('classes that do not fit the points are refused, and too many classes are not coloured', async () => {
  const plot = { data: cloud(9, 2), samples: cloud(6, 2) };
  const of = (data: ArrayLike<number>) =>
    plotSamples({ ...plot, classes: { names, data, samples: thirds(6) } });
  await expect(of(thirds(8))).rejects.toThrow(/data.*8 classes for 9 points/);
  await expect(of([0, 1, 2, 3, 0, 0, 0, 0, 0])).rejects.toThrow(/got 3.*from 0 to 2/);
  const many = Array.from({ length: 30 }, (_, i) => `class ${i}`);
  const svg = await plotSamples({ ...plot, classes: { names: many, data: thirds(9), samples: thirds(6) } });
  expect(words(svg).filter(word => word.startsWith('class'))).toEqual([]);
});

test('where dots of two classes overlap, neither hides the other', () => {
  const view = { x: [0, 1], y: [0, 1] } as const;
  const half = Float64Array.of(0.5, 0.5);
  const paint = (of: number[]) => scatterRaster(half, half, view, { colors: ['#ff0000', '#0000ff'], of }, 60);
  const [one, other] = [paint([0, 1]), paint([1, 0])];
  expect(other.data).toEqual(one.data);
  expect([...one.data.subarray(4 * (30 * 60 + 30)).subarray(0, 3)]).toEqual([128, 0, 128]);
  expect(rgb('#ff0000')).toEqual([255, 0, 0]);
});

test('thinned rows keep their classes', () => {
  const table = { data: Float64Array.from({ length: 100 }, (_, i) => i), rows: 100, width: 1 };
  const { data, classes } = thin({ ...table, classes: Int32Array.from(table.data) }, 7);
  expect(Array.from(classes!)).toEqual([...data]);
});

test('images of data and samples are side by side under their names, pixel by pixel', async () => {
  const images = (count: number, value: number) => ({
    data: new Float32Array(count * 4 * 6).fill(value),
    shape: [count, 4, 6],
  });
  const svg = await plotImages({
    data: images(4, 0),
    samples: images(9, 0.5),
    title: 'digits, vp',
    subtitle: 'held out: 3 nats',
  });
  expect(words(svg)).toEqual(
    expect.arrayContaining(['digits, vp', 'held out: 3 nats', 'data', '4 images', 'samples', '9 images']),
  );
  expect(embedded(svg).map(({ width, height }) => [width, height])).toEqual([
    [2 + 2 * 62, 2 + 2 * 42],
    [2 + 3 * 62, 2 + 3 * 42],
  ]);
  const alone = await plotImages({ samples: images(9, 0.5), columns: 9 });
  expect(words(alone)).not.toContain('data');
  expect(embedded(alone).map(({ width }) => width)).toEqual([2 + 9 * 62]);
});

test('a picture of trajectories has the column names on its axes, and its title', async () => {
  const frames = [1, 0].map(t => ({ t, x: cloud(20, 2) }));
  const named = words(await plotPath(frames, { title: 'geyser, vp', columns: ['duration', 'waiting'] }));
  expect(named.filter(word => word === 'duration')).toHaveLength(2);
  expect(named.filter(word => word === 'waiting')).toHaveLength(1);
  expect(named).toContain('geyser, vp');
  expect(words(await plotPath(frames))).toEqual(expect.arrayContaining(['x₁', 'x₂']));
});
