import type { TableTransform } from '../../../data/index.ts';
import { logSumExp } from '../../../math/log-sum.ts';
import { HALF_LOG_TWO_PI } from '../../../math/normal.ts';
import { fillNormal, fillUniform, key } from '../../../random/index.ts';
import type { ScoreModel } from '../../../score/contract.ts';
import type { AskedRows } from '../questions.ts';

/** What is generated of rows, given what is known of them, under a run that is exactly a mixture. */
export interface AskedLaws {
  /**
   * log p(generated | known) of each row, in model units, `[N]`. Coordinates that are not generated follow
   * N(0, 1) by themselves and stand at 0.
   */
  logDensities(): Float64Array;
  /** Whether the known values of a row are near enough to say something of it. */
  isWithinReach(row: number): boolean;
  /** The law of the generated coordinates of a row: Gaussians with weights. */
  lawOf(row: number): readonly AskedComponent[];
  /**
   * Draws of the generated coordinates, `[N·each, D]`, each row `each` times in turn; 0 for the others, and
   * NaN for rows whose known values are out of reach. Draw i is a function of (seed, i) alone.
   */
  draw(each: number, seed: number): Float32Array;
}

/**
 * Standard deviations beyond which a mixture says nothing of a row. Far out, its score turns from one
 * component to another within steps that float32 cannot tell.
 */
export const REACH_OF_MIXTURES = 100;

/** Whether a model is exactly the mixture of Gaussians of its table. */
export const isMixture = ({ law }: ScoreModel): boolean => law !== undefined;

/** The answers of a mixture of Gaussians to questions about rows, in closed form. */
export function askedLaws(transform: TableTransform, { z, points, states }: AskedRows): AskedLaws {
  const { size, asked } = transform;
  const rows = points.length / size;
  const isThere = states.map(state => (state === ABSENT ? ABSENT : GENERATED));
  const known = transform.forward(points, new Float64Array(points.length), isThere);
  const lawOf = (row: number) =>
    asked(states.subarray(row * size, (row + 1) * size), known.subarray(row * size, (row + 1) * size));
  const isWithinReach = (row: number) =>
    Array.from({ length: size }, (_, d) => row * size + d).every(
      at => states[at] !== KNOWN || Math.abs(known[at]!) <= REACH_OF_MIXTURES,
    );
  return {
    isWithinReach,
    lawOf,
    logDensities: () =>
      Float64Array.from({ length: rows }, (_, row) => {
        const x = z.subarray(row * size, (row + 1) * size);
        return logSumExp(lawOf(row).map(component => logNormal(component, x)));
      }),
    draw(each, seed) {
      const out = new Float32Array(rows * each * size);
      const normals = new Float32Array(out.length);
      fillNormal(normals, key(seed, 'asked/point'), { step: 0, first: 0, size });
      const u = new Float64Array(rows * each);
      fillUniform(u, key(seed, 'asked'), { step: 0, first: 0, size: 1 });
      for (let row = 0; row < rows; row++) {
        if (!isWithinReach(row)) {
          out.fill(Number.NaN, row * each * size, (row + 1) * each * size);
          continue;
        }
        const law = lawOf(row);
        for (let i = row * each; i < (row + 1) * each; i++) {
          const point = pointOf(chosen(law, u[i]!), normals.subarray(i * size, (i + 1) * size));
          for (let d = 0; d < size; d++)
            if (states[row * size + d] === GENERATED) out[i * size + d] = point[d]!;
        }
      }
      return out;
    },
  };
}

const [GENERATED, KNOWN, ABSENT] = [0, 1, 2];

/** A Gaussian of such a law. */
export type AskedComponent = ReturnType<TableTransform['asked']>[number];

/** log w + log N(x; mean, U diag(λ) Uᵀ). */
function logNormal({ logWeight, mean, eigen: { values, vectors } }: AskedComponent, x: Float32Array): number {
  const size = mean.length;
  let log = logWeight - size * HALF_LOG_TWO_PI;
  for (let i = 0; i < size; i++) {
    let along = 0;
    for (let d = 0; d < size; d++) along += vectors[d * size + i]! * (x[d]! - mean[d]!);
    log -= 0.5 * (along ** 2 / values[i]! + Math.log(values[i]!));
  }
  return log;
}

/** The component to which a number in [0, 1) belongs, by the weights. */
function chosen(law: readonly AskedComponent[], u: number): AskedComponent {
  let [place, left] = [0, u];
  while (place < law.length - 1 && left >= Math.exp(law[place]!.logWeight))
    left -= Math.exp(law[place++]!.logWeight);
  return law[place]!;
}

/** mean + U·√λ·n */
function pointOf({ mean, eigen: { values, vectors } }: AskedComponent, normals: Float32Array): Float64Array {
  const size = mean.length;
  return mean.map((center, d) => {
    let sum = center;
    for (let i = 0; i < size; i++) sum += vectors[d * size + i]! * Math.sqrt(values[i]!) * normals[i]!;
    return sum;
  });
}
