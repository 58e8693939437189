import type { HostTensor } from '../../tensor/index.ts';

/** The rows `[N, ...D]` of `x` at these places, which may repeat: `[places, ...D]`. */
export function rowsAt({ data, shape }: HostTensor, places: ArrayLike<number>) {
  const width = data.length / shape[0]!;
  const out = new Float64Array(places.length * width);
  for (let i = 0; i < places.length; i++)
    out.set(data.subarray(places[i]! * width, (places[i]! + 1) * width), i * width);
  return { data: out, shape: [places.length, ...shape.slice(1)] };
}
