import { decode } from 'fast-png';
import type { PlainTensor } from '../../src/tensor/types.ts';

/** A repeatable cloud of points around the origin, no two equal. */
export function cloud(rows: number, width: number): PlainTensor {
  const data = Float32Array.from(
    { length: rows * width },
    (_, i) => Math.sin(12.9898 * (i + 1)) + Math.cos(4.1414 * i),
  );
  return { data, shape: [rows, width] };
}

/** The pictures embedded in an SVG document, in order. */
export function embedded(svg: string) {
  const urls = svg.matchAll(/data:image\/png;base64,([A-Za-z0-9+/=]+)/g);
  return [...urls].map(([, base64]) => decode(Buffer.from(base64!, 'base64')));
}

/** The visible words of an SVG document. */
export const words = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text!);

/** The position of the largest of `count` values. */
export function peak(count: number, at: (i: number) => number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (at(i) > at(best)) best = i;
  return best;
}
