import type { Engine } from '../../../engine/contract.ts';
import { usage } from '../../../errors.ts';
import type { Part } from '../../../measure/contract.ts';
import { readLinear, withValues } from '../../../measure/read.ts';
import { fillNormal, key } from '../../../random/index.ts';
import { type DataTensor, reshape, sizeOf } from '../../../tensor/index.ts';

/** The values of every part at every sample, [N][parts] of [m], without errors. */
export async function readings(
  engine: Engine,
  parts: readonly Part[],
  { data, shape }: DataTensor,
): Promise<Float64Array[][]> {
  const size = sizeOf(shape.slice(1));
  const rows = Array.from({ length: shape[0]! }, (_, i) => data.subarray(i * size, (i + 1) * size));
  const columns: Float64Array[][] = [];
  for (const part of parts) {
    if (part.kind === 'linear') columns.push(rows.map(row => readLinear(part.matrix, row)));
    else if (part.kind === 'word') columns.push(rows.map(row => row.slice(part.cell, part.cell + 1)));
    else if (part.kind === 'traced') columns.push(await traced(engine, part, { data, shape }));
    else columns.push(rows.map(() => new Float64Array(0)));
  }
  return rows.map((_, i) => columns.map(column => column[i]!));
}

async function traced(
  engine: Engine,
  { apply, count }: Extract<Part, { kind: 'traced' }>,
  { data, shape }: DataTensor,
): Promise<Float64Array[]> {
  const program = engine.compile<null>((_w, [x]) => [reshape(apply(x!), [x!.shape[0]!, count])]);
  const input = engine.put({ data: Float32Array.from(data), shape });
  try {
    const [output] = await program.run([input], null);
    const values = await engine.read(output!);
    engine.free(output!);
    return Array.from({ length: shape[0]! }, (_, i) =>
      Float64Array.from(values.subarray(i * count, (i + 1) * count)),
    );
  } finally {
    engine.free(input);
    await program.dispose();
  }
}

/**
 * The samples that satisfy the bounds among the parts, at most `count` of them, each with the parts as they
 * would have been measured of it: y = h(x) + n, n of truth i from the address (seed, i).
 * @throws usage if fewer than ten samples satisfy the bounds
 */
export function measureTruths(
  parts: readonly Part[],
  read: readonly (readonly Float64Array[])[],
  count: number,
  seed: number,
): { readonly index: number; readonly parts: readonly Part[] }[] {
  const within = [...read.keys()].filter(i => parts.every((part, p) => satisfies(part, read[i]![p]!)));
  if (within.length < 10)
    throw usage('Too few truths satisfy the bounds of the question', {
      where: 'given',
      got: `${within.length} of ${read.length}`,
      expected: '10 or more',
      remedy: 'Choose wider bounds, or give rows that satisfy them: --data FILE',
    });
  return evenly(within, count).map(index => ({
    index,
    parts: parts.map((part, p) => {
      if (part.kind === 'word') return part.open ? { ...part, word: read[index]![p]![0]! } : part;
      if (!('law' in part) || part.law.kind === 'between') return part;
      const { std } = part.law;
      const noise = new Float32Array(std.length);
      fillNormal(noise, key(seed, 'measurement'), { step: p, first: index, size: std.length });
      return withValues(
        part,
        read[index]![p]!.map((value, k) => value + std[k]! * noise[k]!),
      );
    }),
  }));
}

/** At most `count` of the rows, evenly spread over them: neighbours in a file may be alike. */
const evenly = (rows: readonly number[], count: number): readonly number[] =>
  rows.length <= count
    ? rows
    : Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);

function satisfies(part: Part, values: Float64Array): boolean {
  if (part.kind === 'density' || part.kind === 'noisy')
    throw usage('A likelihood cannot be drawn from', {
      where: 'calibrate',
      expected: 'measurements with values, or bounds',
    });
  if (part.kind === 'word') return part.open === true || values[0] === part.word;
  const { law } = part;
  if (law.kind === 'normal') return true;
  const { low, high, strict = [false, false] } = law;
  return values.every(
    (value, k) =>
      (strict[0] ? value > low[k]! : value >= low[k]!) && (strict[1] ? value < high[k]! : value <= high[k]!),
  );
}
