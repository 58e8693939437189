import type { Run } from 'langevin/browser';
import type { View } from '../plots.ts';
import { engine } from './engine.ts';

/** Places `[n², 2]` in the middle of the cells of a view, rows from the top. */
export function gridOf({ x, y }: View, n: number): Float64Array {
  const places = new Float64Array(2 * n * n);
  for (let i = 0; i < n * n; i++) {
    places[2 * i] = x[0] + ((x[1] - x[0]) * ((i % n) + 0.5)) / n;
    places[2 * i + 1] = y[1] - ((y[1] - y[0]) * (Math.floor(i / n) + 0.5)) / n;
  }
  return places;
}

/** The shift and the scale of data of two columns. */
export function unitsOf({ config: { transform } }: Run) {
  if ('shift' in transform) return transform;
  throw new Error('The score field is shown for plain numbers only.');
}

/**
 * The score at places in data units at time t: ∇ log p_t = −E[ε | x_t]/std, with x_t scaled to the variance
 * of the data, as in the frames of `samplePath`.
 */
export async function scoreAt(run: Run, places: Float64Array, t: number): Promise<Float64Array> {
  const { shift, scale } = unitsOf(run);
  const { scale: alpha, std } = run.sde.marginal(t);
  const size = Math.hypot(alpha, std);
  const x = Float32Array.from(places, (value, i) => ((value - shift[i % 2]!) / scale[i % 2]!) * size);
  const here = await engine();
  const { model } = run;
  const program = here.compile<number>(
    (weights, [state], time) => [model.raw(weights, state!, time)],
    model.weights,
  );
  const input = here.put({ data: x, shape: [x.length / 2, 2] });
  try {
    const [result] = await program.run([input], t);
    const raw = await here.read(result!);
    here.free(result!);
    const { a, b } = model.noiseForm(t);
    return Float64Array.from(raw, (value, i) => (-(a * x[i]! + b * value) / std) * scale[i % 2]!);
  } finally {
    here.free(input);
    await program.dispose();
  }
}
