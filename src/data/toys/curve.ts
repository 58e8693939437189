import type { Density } from '../density.ts';
import { pick } from './mixtures.ts';

/** A piece of a curve in the plane, θ uniform on [from, to]. `speed` bounds |dx/dθ|. */
export interface Piece {
  readonly weight: number;
  readonly from: number;
  readonly to: number;
  readonly speed: number;
  at(theta: number): readonly [number, number];
}

/** Gauss–Legendre nodes and weights of 8 points on [−1, 1], the positive half. */
const GAUSS: readonly (readonly [number, number])[] = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
];

/**
 * A point on a curve plus Gaussian noise of standard deviation σ in both dimensions.
 *
 *     p(x) = Σ_pieces w ∫ N(x; c(θ), σ² I) dθ / (to − from)
 *
 * The integral is taken by Gauss–Legendre quadrature on panels no longer than σ, which is exact to about
 * 1e-12 wherever the density is not vanishingly small; mean and variance come from the same nodes.
 */
export function curveDensity(name: string, title: string, sigma: number, pieces: readonly Piece[]): Density {
  const nodes = pieces.flatMap(piece => quadrature(piece, sigma));
  const mean = [0, 1].map(d => nodes.reduce((sum, node) => sum + node.weight * node.at[d]!, 0));
  const variance = [0, 1].map(d =>
    nodes.reduce((sum, node) => sum + node.weight * (node.at[d]! - mean[d]!) ** 2, 0),
  );
  const weights = pieces.map(piece => piece.weight);
  return Object.freeze({
    name,
    title,
    mean,
    std: variance.map(value => Math.sqrt(value + sigma ** 2)),
    uniforms: 2,
    normals: 2,
    point: (u: Float64Array, n: Float32Array, out: Float64Array) => {
      const { from, to, at } = pieces[pick(weights, u[0]!)]!;
      const centre = at(from + (to - from) * u[1]!);
      out[0] = centre[0] + sigma * n[0]!;
      out[1] = centre[1] + sigma * n[1]!;
    },
    logDensity: (x: Float64Array) => logMixture(nodes, sigma, x[0]!, x[1]!),
  });
}

interface Node {
  readonly weight: number;
  readonly at: readonly [number, number];
}

function quadrature({ weight, from, to, speed, at }: Piece, sigma: number): Node[] {
  const panels = Math.ceil(((to - from) * speed) / sigma);
  const half = (to - from) / (2 * panels);
  return Array.from({ length: panels }, (_, i) => from + (2 * i + 1) * half).flatMap(centre =>
    GAUSS.flatMap(([node, share]) =>
      [-node, node].map(offset => ({
        weight: (weight * share) / (2 * panels),
        at: at(centre + half * offset),
      })),
    ),
  );
}

/** log Σ wᵢ N(x; cᵢ, σ²I), around the nearest node so that nothing underflows. */
function logMixture(nodes: readonly Node[], sigma: number, x: number, y: number): number {
  const precision = 1 / (2 * sigma ** 2);
  const squares = new Float64Array(nodes.length);
  let least = Infinity;
  for (let i = 0; i < nodes.length; i++) {
    const { at } = nodes[i]!;
    const square = (x - at[0]) ** 2 + (y - at[1]) ** 2;
    squares[i] = square;
    if (square < least) least = square;
  }
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const exponent = (least - squares[i]!) * precision;
    if (exponent > -50) sum += nodes[i]!.weight * Math.exp(exponent);
  }
  return Math.log(sum) - least * precision - Math.log(2 * Math.PI * sigma ** 2);
}
