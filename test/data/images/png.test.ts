import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPng } from '../../../src/data/formats/images/png.ts';
import { backgroundOf } from '../../../src/data/formats/images/transparency.ts';
import { channelsOf, type PngParts, png } from './pngs.ts';

/** Every combination of kind and depth in the standard. */
const FORMS = ([0, 2, 3, 4, 6] as const).flatMap(kind =>
  ([1, 2, 4, 8, 16] as const)
    .filter(depth => (kind === 0 ? true : kind === 3 ? depth < 16 : depth >= 8))
    .map(depth => ({ kind, depth })),
);

/**
 * The pixels according to the standard: levels over 0 … 255, a palette's colours, an opaque alpha channel
 * dropped.
 */
function wanted({ kind, depth, samples, palette }: PngParts): number[] {
  if (kind === 3) return samples.flatMap(entry => [...palette![entry]!]);
  const channels = channelsOf(kind);
  const kept = samples.filter((_, i) => channels % 2 === 1 || i % channels !== channels - 1);
  return kept.map(level => Math.round((level * 255) / (2 ** depth - 1)));
}

/** Samples of any size, with opaque alpha, and not every palette entry in use. */
const imageOf = ({ kind, depth }: (typeof FORMS)[number], width: number, height: number, step: number) => {
  const [top, channels] = [2 ** depth - 1, channelsOf(kind)];
  const samples = Array.from({ length: width * height * channels }, (_, i) =>
    channels % 2 === 0 && i % channels === channels - 1 ? top : (i * step + (i >> 3)) % (top + 1),
  );
  const palette = Array.from({ length: top + 1 }, (_, i) => [i % 256, (7 * i) % 256, 255 - (i % 256)]);
  return { width, height, depth, kind, samples, ...(kind === 3 && { palette }) };
};

describe.each(FORMS)('kind $kind of $depth bits', form => {
  test('comes back at every size, interlaced in the same way as plain', () => {
    const sizes = fc.integer({ min: 1, max: 17 });
    fc.assert(
      fc.property(sizes, sizes, fc.integer({ min: 1, max: 60_000 }), (width, height, step) => {
        const image = imageOf(form, width, height, step);
        for (const interlaced of [false, true]) {
          const picture = readPng(png({ ...image, interlaced }), 'a.png');
          expect([picture.width, picture.height]).toEqual([width, height]);
          expect([...picture.data]).toEqual(wanted(image));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('a file that is cut short or has a changed byte is named, or gives the image', () => {
    const bytes = png({ ...imageOf(form, 9, 10, 3), interlaced: true });
    for (let length = 0; length < bytes.length; length += 3)
      expect(() => readPng(bytes.subarray(0, length), 'cut.png')).toThrow(/^cut\.png: /);
  });
});

describe('transparency', () => {
  const half: PngParts = {
    width: 2,
    height: 1,
    depth: 8,
    kind: 6,
    samples: [200, 100, 0, 255, 200, 100, 0, 51],
  };
  const cases: readonly (readonly [string, PngParts, string, number[]])[] = [
    ['an alpha channel over white', half, 'white', [200, 100, 0, 244, 224, 204]],
    ['over a colour', half, '#0000ff', [200, 100, 0, 40, 20, 204]],
    [
      'grey over black stays grey',
      { width: 2, height: 1, depth: 8, kind: 4, samples: [200, 51, 10, 255] },
      'black',
      [40, 10],
    ],
    [
      'grey over a colour becomes colours',
      { width: 1, height: 1, depth: 8, kind: 4, samples: [200, 0] },
      '#0a141e',
      [10, 20, 30],
    ],
    [
      'a transparent grey of four bits',
      { width: 2, height: 1, depth: 4, kind: 0, samples: [3, 5], clear: [0, 5] },
      'white',
      [51, 255],
    ],
    [
      'a transparent colour',
      { width: 2, height: 1, depth: 8, kind: 2, samples: [1, 2, 3, 1, 2, 4], clear: [0, 1, 0, 2, 0, 3] },
      'black',
      [0, 0, 0, 1, 2, 4],
    ],
    [
      'an entry of a palette',
      {
        ...{ width: 2, height: 1, depth: 1, kind: 3, samples: [0, 1] },
        ...{
          palette: [
            [9, 8, 7],
            [1, 2, 3],
          ],
          clear: [0],
        },
      },
      'white',
      [255, 255, 255, 1, 2, 3],
    ],
  ];
  test.each(cases)('%s', (_what, parts, colour, levels) => {
    for (const interlaced of [false, true]) {
      const bytes = png({ ...parts, interlaced });
      expect([...readPng(bytes, 'a.png', backgroundOf(colour)).data]).toEqual(levels);
      expect(() => readPng(bytes, 'a.png')).toThrow(
        'a.png: an image with transparent pixels. Set the colour behind them: --background white',
      );
    }
  });

  test('a transparent colour that no pixel has leaves the image unchanged', () => {
    const parts = { width: 2, height: 1, depth: 8, kind: 0, samples: [3, 5], clear: [0, 9] } as const;
    expect([...readPng(png(parts), 'a.png').data]).toEqual([3, 5]);
  });

  test('colours have names or six digits', () => {
    expect([backgroundOf('White'), backgroundOf('#0a141e')]).toEqual([
      [255, 255, 255],
      [10, 20, 30],
    ]);
    for (const colour of ['whit', '#12345', 'constructor', ''])
      expect(() => backgroundOf(colour)).toThrow(/expected white, black, grey or #rrggbb/);
  });
});

test.each<[string, Partial<PngParts>, RegExp]>([
  [
    'a depth that its kind has not',
    { kind: 2, depth: 4, samples: [1, 2, 3] },
    /its header is not that of an image/,
  ],
  ['no palette', { kind: 3 }, /no palette/],
  ['a colour past the palette', { kind: 3, palette: [[1, 2, 3]] }, /past its palette; got 7/],
  ['a transparent colour of another kind', { clear: [1, 2, 3] }, /transparent colour is of another kind/],
])('%s is refused', (_what, parts, message) => {
  const whole: PngParts = { width: 1, height: 1, depth: 8, kind: 0, samples: [7], ...parts };
  expect(() => readPng(png(whole), 'a.png')).toThrow(message);
});
