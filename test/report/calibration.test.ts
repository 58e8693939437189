import { expect, test } from 'vitest';
import { plotCalibration } from '../../src/report/index.ts';
import { words } from './support.ts';

const row = (name: string, counts: readonly number[]) => ({
  name,
  counts,
  pValue: 0.25,
  coverage: [0.5, 0.8, 0.95],
});
/** The heights of the bars in an SVG document over their counts. */
const bars = (svg: string) =>
  [...svg.matchAll(/aria-label="from: [\d.]+; count: (\d+);[^>]*? d="M[\d.,-]+h[\d.]+v([\d.]+)/g)].map(
    ([, count, height]) => Number(height) / Number(count),
  );

test('bars are as high as the counts of their ranks, one panel for each number and one for coverage', async () => {
  const rows = [row('a', [10, 20, 10, 40]), row('b', [20, 20, 20, 20])];
  const svg = await plotCalibration({ truths: 80, rows }, { title: 'ranks' });
  expect(words(svg)).toEqual(
    expect.arrayContaining(['ranks', 'a, p = 0.25', 'b, p = 0.25', 'coverage', 'rank of the truth', '80']),
  );
  const units = bars(svg).slice(0, 4);
  expect(units).toHaveLength(4);
  for (const unit of units) expect(unit).toBeCloseTo(units[0]!, 2);
});

test('nothing to draw is refused', async () => {
  await expect(plotCalibration({ truths: 0, rows: [] })).rejects.toThrow(/No ranks to draw/);
});
