import { type Measurement, median } from './measure.ts';
import { type Work, workloads } from './workloads.ts';

/** All rounds of one workload. A round without a peer contains only ours. */
export interface Row {
  readonly work: string;
  readonly unit: Work['unit'];
  readonly rounds: readonly { readonly ours: Measurement; readonly peer?: Partial<Measurement> }[];
}

const middle = (values: readonly (number | undefined)[]): number | undefined => {
  const numbers = values.filter(value => value !== undefined);
  return numbers.length ? median(numbers) : undefined;
};

const short = (value: number | undefined, digits = 3): string =>
  value === undefined
    ? '–'
    : Number(value.toPrecision(digits)).toLocaleString('en-US', { useGrouping: false });

/** The summary of a row: medians over its rounds, and the ratio ours ÷ peer of each round. */
export function summary({ work, unit, rounds }: Row) {
  const ratios = rounds.flatMap(({ ours, peer }) => (peer?.median ? [ours.median / peer.median] : []));
  const ourTime = median(rounds.map(({ ours }) => ours.median));
  const best = rounds.map(({ ours, peer }) => [ours.min, peer?.min] as const);
  const theirBest =
    middle(best.map(([, theirs]) => theirs)) && Math.min(...best.map(([, t]) => t ?? Infinity));
  return {
    work,
    unit,
    ours: ourTime,
    peer: middle(rounds.map(({ peer }) => peer?.median)),
    ratio: middle(ratios),
    ratios,
    /** Ratio of the least times of all rounds, which other work disturbs least. */
    ratioOfBest: theirBest && Math.min(...best.map(([our]) => our)) / theirBest,
    compileMs: middle(rounds.map(({ ours }) => ours.compileMs)),
    memory: median(rounds.map(({ ours }) => ours.peakMiB)),
    peerMemory: middle(rounds.map(({ peer }) => peer?.peakMiB)),
    gflops: (workloads[work]?.flops ?? 0) / (ourTime * (unit === 'ms' ? 1e6 : 1e3)),
  };
}
export type Summary = ReturnType<typeof summary>;

export function markdown(summaries: readonly Summary[]): string {
  const product = summaries.find(({ work }) => work === 'matmul')?.gflops;
  const rows = summaries.map(each => [
    each.work,
    `${short(each.ours)} ${each.unit}`,
    each.peer === undefined ? '–' : `${short(each.peer)} ${each.unit}`,
    short(each.ratio, 2),
    each.ratios.length ? `${short(Math.min(...each.ratios), 2)}–${short(Math.max(...each.ratios), 2)}` : '–',
    short(each.ratioOfBest, 2),
    `${short(each.gflops, 2)}${product ? ` (${Math.round((100 * each.gflops) / product)}%)` : ''}`,
    short(each.compileMs),
    `${Math.round(each.memory)} / ${each.peerMemory ? Math.round(each.peerMemory) : '–'}`,
  ]);
  const head = [
    ...['workload', 'ours', 'peer', 'ratio', 'range', 'ratio of least times'],
    ...['GFLOPS (of matmul)', 'compile, ms', 'peak MiB'],
  ];
  return table(head, rows);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`;
  const rule = `|${widths.map((w, i) => (i ? `${'-'.repeat(w + 1)}:` : '-'.repeat(w + 2))).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
