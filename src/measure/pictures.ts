import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/index.ts';
import { type ErrorOptions, normalLaw, pictureOf } from './checks.ts';
import { unitRows } from './columns.ts';
import type { Measurement, Space } from './contract.ts';
import { kroneckerRows } from './separable.ts';

/**
 * A picture in the units of the data: grey [H, W], or [C, H, W]. The channels are in the order of a sample,
 * row-major.
 */
export type Picture = HostTensor;

/**
 * The pixels of a picture at which `known` is not 0, in all channels. Inpainting asks for the other pixels.
 * `known`: [H, W].
 */
export function mask(picture: Picture, known: HostTensor, options: ErrorOptions = {}): Measurement {
  return pixels(
    'mask',
    picture,
    space => {
      const { channels, height, width } = pictureOf('mask', space);
      const size = height * width;
      requireValues('mask', known.data.length, size);
      const places = [...known.data.keys()].filter(i => known.data[i] !== 0);
      if (places.length === 0) throw usage('The mask leaves no pixel known', { where: 'mask' });
      return Array.from({ length: channels }, (_, c) => places.map(i => c * size + i)).flat();
    },
    options,
  );
}

/**
 * The pixels of a rectangle with its upper left corner at (top, left). The picture contains only that
 * rectangle.
 */
export function crop(
  picture: Picture,
  corner: { readonly top: number; readonly left: number },
  options: ErrorOptions = {},
): Measurement {
  const [h, w] = picture.shape.slice(-2) as [number, number];
  return Object.freeze({
    name: 'crop',
    linear: true,
    on: async space => {
      const { channels, height, width } = pictureOf('crop', space);
      if (!(corner.top >= 0 && corner.left >= 0 && corner.top + h <= height && corner.left + w <= width))
        throw usage('The rectangle leaves the picture', {
          where: 'crop',
          got: `${h}×${w} at ${corner.top}, ${corner.left}`,
          expected: `inside ${height}×${width}`,
        });
      requireValues('crop', picture.data.length, channels * h * w);
      const places: number[] = [];
      for (let c = 0; c < channels; c++)
        for (let i = 0; i < h; i++)
          for (let j = 0; j < w; j++) places.push((c * height + corner.top + i) * width + corner.left + j);
      const matrix = unitRows(places, channels * height * width);
      const law = normalLaw('crop', picture.data, options);
      return [{ kind: 'linear', text: `a crop of ${h}×${w}`, count: places.length, matrix, law }];
    },
  } satisfies Measurement);
}

function pixels(
  name: string,
  picture: Picture,
  placesOf: (space: Space) => number[],
  options: ErrorOptions,
): Measurement {
  return Object.freeze({
    name,
    linear: true,
    on: async space => {
      const { channels, height, width } = pictureOf(name, space);
      requireValues(name, picture.data.length, channels * height * width);
      const places = placesOf(space);
      const values = places.map(place => picture.data[place]!);
      const matrix = unitRows(places, channels * height * width);
      const law = normalLaw(name, values, options);
      return [{ kind: 'linear', text: `${places.length} known pixels`, count: places.length, matrix, law }];
    },
  } satisfies Measurement);
}

/** The means of squares of `factor` × `factor` pixels. `small` holds them, [C, H/factor, W/factor]. */
export function downsample(factor: number, small: Picture, options: ErrorOptions = {}): Measurement {
  if (!(Number.isInteger(factor) && factor > 1))
    throw usage('The factor has to be a whole number above 1', { where: 'downsample', got: factor });
  const means = (side: number) => {
    if (side % factor !== 0)
      throw usage('The factor does not divide the sides of the pictures', {
        where: 'downsample',
        got: `${factor} and ${side} pixels`,
      });
    return Array.from({ length: side / factor }, (_, i) =>
      Float64Array.from({ length: side }, (_, j) => (Math.floor(j / factor) === i ? 1 / factor : 0)),
    );
  };
  return separable('downsample', `${factor}× down-sampling`, means, small, options);
}

/** The largest radius of a blur, in sides of a picture. A wider one reads almost the same in every pixel. */
const MOST_SIDES = 4;

/** A Gaussian blur of `radius` pixels, with the border repeated. `blurred` has the shape of a sample. */
export function blur(radius: number, blurred: Picture, options: ErrorOptions = {}): Measurement {
  if (!(radius > 0 && Number.isFinite(radius)))
    throw usage('The radius of a blur has to be above 0', { where: 'blur', got: radius });
  const taps = (side: number) => {
    if (radius > MOST_SIDES * side)
      throw usage('The radius of a blur is too large for the pictures', {
        where: 'blur',
        got: radius,
        expected: `at most ${MOST_SIDES * side} pixels, ${MOST_SIDES} sides of a picture`,
      });
    return Array.from({ length: side }, (_, i) => {
      const row = new Float64Array(side);
      const reach = Math.ceil(4 * radius);
      let total = 0;
      for (let k = -reach; k <= reach; k++) {
        const weight = Math.exp(-0.5 * (k / radius) ** 2);
        const j = Math.max(0, Math.min(side - 1, i + k));
        row[j] = row[j]! + weight;
        total += weight;
      }
      return row.map(value => value / total);
    });
  };
  return separable('blur', `a blur of ${radius} pixels`, taps, blurred, options);
}

/** One filter along both axes of each channel. */
function separable(
  name: string,
  text: string,
  filter: (side: number) => Float64Array[],
  picture: Picture,
  { std = 0 }: ErrorOptions,
): Measurement {
  if (typeof std !== 'number') throw usage('All pixels have one error', { where: name, got: 'a list' });
  return Object.freeze({
    name,
    linear: true,
    on: async space => {
      const sides = pictureOf(name, space);
      const rows = kroneckerRows(sides, filter(sides.height), filter(sides.width));
      requireValues(name, picture.data.length, sides.channels * rows.each);
      const value = rows.turn(picture.data);
      const law = normalLaw(name, value, { std });
      return [{ kind: 'linear', text, count: value.length, matrix: rows.matrix, law }];
    },
  } satisfies Measurement);
}

/** The mean of the channels of each pixel, or a weighted one: `grey` is [H, W]. */
export function gray(
  grey: Picture,
  { weights, ...options }: ErrorOptions & { readonly weights?: readonly number[] } = {},
): Measurement {
  return Object.freeze({
    name: 'gray',
    linear: true,
    on: async space => {
      const { channels, height, width } = pictureOf('gray', space);
      const factors = weights ?? new Array<number>(channels).fill(1 / channels);
      if (channels < 2 || factors.length !== channels)
        throw usage('Grey needs a weight for each of several channels', {
          where: 'gray',
          got: `${factors.length} weights for ${channels} channels`,
        });
      const size = height * width;
      requireValues('gray', grey.data.length, size);
      const matrix = new Float64Array(size * channels * size);
      for (let i = 0; i < size; i++)
        for (let c = 0; c < channels; c++) matrix[i * channels * size + c * size + i] = factors[c]!;
      const law = normalLaw('gray', grey.data, options);
      return [{ kind: 'linear', text: 'the grey picture', count: size, matrix, law }];
    },
  } satisfies Measurement);
}

function requireValues(where: string, got: number, expected: number): void {
  if (got === expected) return;
  throw usage('The picture does not fit the samples', {
    where,
    got: `${got} values`,
    expected: `${expected}`,
  });
}
