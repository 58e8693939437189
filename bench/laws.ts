import { fillNormal, fillUniform, key } from '../src/random/index.ts';

/** A small law: its rows `[n, D]`, and how many the study takes. */
export interface Law {
  readonly name: string;
  readonly count: number;
  readonly size: number;
  /** A row from independent normal and uniform numbers. */
  row(normal: Float64Array, uniform: Float64Array): number[];
}

/** Eight laws of 16 to 1,000 rows, as tables have them: correlated, skewed, heavy-tailed, bent, in groups. */
export const laws: readonly Law[] = [
  { name: 'gaussian-16', count: 16, size: 2, row: ([a, b]) => [a!, 0.9 * a! + 0.4 * b!] },
  {
    name: 'gaussian-60',
    count: 60,
    size: 6,
    row: z => [...z.slice(0, 6)].map((v, d) => v + 0.8 * (z[d - 1] ?? 0)),
  },
  { name: 'cube-100', count: 100, size: 3, row: (_, u) => [...u.slice(0, 3)] },
  {
    name: 'log-normal-150',
    count: 150,
    size: 3,
    row: ([a, b, c]) => [a!, Math.exp(a! + 0.5 * b!), Math.exp(c!)],
  },
  {
    name: 'groups-200',
    count: 200,
    size: 5,
    row: (z, u) => [...z.slice(0, 5)].map((v, d) => groupMean(u[0]!, d) + 0.4 * v),
  },
  { name: 'ring-300', count: 300, size: 2, row: ([a, b], [u]) => ring(u!, a!, b!) },
  { name: 'student-500', count: 500, size: 4, row: z => student(z) },
  { name: 'moons-1000', count: 1000, size: 2, row: ([a, b], [u, v]) => moon(u!, v!, a!, b!) },
];

const groupMean = (u: number, d: number) => [2, -2, 0][Math.floor(3 * u)]! * Math.cos(d + Math.floor(3 * u));
const ring = (u: number, a: number, b: number) => [
  2 * Math.cos(2 * Math.PI * u) + 0.1 * a,
  2 * Math.sin(2 * Math.PI * u) + 0.1 * b,
];
/** Student's t with 4 degrees of freedom, correlated. */
function student(z: Float64Array): number[] {
  const chi = (z[4]! ** 2 + z[5]! ** 2 + z[6]! ** 2 + z[7]! ** 2) / 4;
  return [...z.slice(0, 4)].map((v, d) => (v + 0.7 * (z[d - 1] ?? 0)) / Math.sqrt(chi));
}
function moon(u: number, v: number, a: number, b: number): number[] {
  const at = Math.PI * u;
  const [x, y] = v < 0.5 ? [Math.cos(at), Math.sin(at)] : [1 - Math.cos(at), 0.5 - Math.sin(at)];
  return [x! + 0.1 * a, y! + 0.1 * b];
}

/** The rows of a law as CSV. */
export function csvOf({ count, size, row }: Law, seed: number): string {
  const [drawn, uniform] = [new Float32Array(count * 8), new Float64Array(count * 8)];
  fillNormal(drawn, key(seed, 'law/normal'), { step: 0, first: 0, size: 8 });
  fillUniform(uniform, key(seed, 'law/uniform'), { step: 0, first: 0, size: 8 });
  const normal = Float64Array.from(drawn);
  const rows = Array.from({ length: count }, (_, i) =>
    row(normal.subarray(8 * i, 8 * i + 8), uniform.subarray(8 * i, 8 * i + 8)).join(),
  );
  return `${Array.from({ length: size }, (_, d) => `x${d}`).join()}\n${rows.join('\n')}\n`;
}

/** x = Lz: correlations .8, .3, −.2 and the like. */
const L = [
  [1, 0, 0, 0],
  [0.8, 0.6, 0, 0],
  [0.3, -0.5, 0.8, 0],
  [-0.4, 0.2, 0.5, 0.7],
];
const gaussian: Law = {
  name: 'gaussian',
  count: 2000,
  size: 4,
  row: z => L.map(row => row.reduce((sum, weight, j) => sum + weight * z[j]!, 0)),
};
/** Two bent groups. */
const groups: Law = {
  name: 'groups',
  count: 2000,
  size: 3,
  row: (z, u) => {
    const side = u[0]! < 0.4 ? -1.5 : 1.5;
    return [side + 0.5 * z[0]!, 0.6 * side * z[0]! + 0.5 * z[1]!, 0.3 * z[0]! ** 2 + 0.4 * z[2]!];
  },
};

/** Two arcs and their product: no mixture of few Gaussians. */
const arcs: Law = {
  name: 'arcs',
  count: 2000,
  size: 3,
  row: (z, u) => {
    const at = Math.PI * u[0]!;
    const [x, y] = u[1]! < 0.5 ? [Math.cos(at), Math.sin(at)] : [1 - Math.cos(at), 0.5 - Math.sin(at)];
    const point = [x! + 0.1 * z[0]!, y! + 0.1 * z[1]!] as const;
    return [...point, point[0] * point[1] + 0.2 * z[2]!];
  },
};

/** Laws of which questions are asked: a Gaussian, two bent groups, two arcs with their product. */
export const lawsOf = (count: number) =>
  [gaussian, groups, arcs].map(law => ({ ...law, count })) as unknown as readonly [Law, Law, Law];

/** The rows of a law, `[count, size]`. */
export const rowsOf = (law: Law, seed: number) =>
  Float64Array.from(
    csvOf(law, seed)
      .split('\n')
      .slice(1, -1)
      .flatMap(line => line.split(',').map(Number)),
  );
