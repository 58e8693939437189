import { logSumExp } from '../../math/log-sum.ts';
import type { Density } from '../density.ts';
import { logNormal } from './mixtures.ts';

const ARMS = 5;
const RATE = 0.25;
const MEAN = [1, 0] as const;
const STD = [0.3, 0.1] as const;

/** The angle by which arm k is turned at radius r. */
const twist = (k: number, r: number) => (2 * Math.PI * k) / ARMS + RATE * Math.exp(r);

/**
 * Five twisted arms: (a, b) with a ~ N(1, 0.3²), b ~ N(0, 0.1²), turned by 2πk/5 + ¼eʳ, k uniform, r = √(a² +
 * b²).
 *
 * Usually the twist grows with a instead of r (Johnson et al. 2016); since b is small the pictures agree, but
 * a turn that depends on the radius alone keeps areas, so that the density is exact: p(x) = ⅕ Σₖ
 * N(R(−twistₖ(|x|)) x; (1, 0), diag(0.3², 0.1²)). By symmetry the mean is 0 and each variance is E[r²]/2.
 */
export const pinwheel: Density = Object.freeze({
  name: 'pinwheel',
  title: 'five twisted arms',
  mean: [0, 0],
  std: Array(2).fill(Math.sqrt((MEAN[0] ** 2 + STD[0] ** 2 + STD[1] ** 2) / 2)),
  uniforms: 1,
  normals: 2,
  point: (u: Float64Array, n: Float32Array, out: Float64Array) => {
    const [a, b] = [MEAN[0] + STD[0] * n[0]!, STD[1] * n[1]!];
    turn(a, b, twist(Math.floor(u[0]! * ARMS), Math.hypot(a, b)), out);
  },
  logDensity: (x: Float64Array) => {
    const radius = Math.hypot(x[0]!, x[1]!);
    const terms = Array.from({ length: ARMS }, (_, k) =>
      logNormal(turn(x[0]!, x[1]!, -twist(k, radius), new Float64Array(2)), MEAN, STD),
    );
    return logSumExp(terms) - Math.log(ARMS);
  },
});

function turn(x: number, y: number, angle: number, out: Float64Array): Float64Array {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  out[0] = c * x - s * y;
  out[1] = s * x + c * y;
  return out;
}
