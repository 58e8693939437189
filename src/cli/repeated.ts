import type { Run } from '../run/run.ts';
import type { Scores } from '../run/use.ts';
import type { PlainTensor } from '../tensor/types.ts';
import type { Rows } from './data.ts';
import type { Session } from './session.ts';

/** What every way of scoring gives. */
export type Scored = Pick<Scores, 'logProbability' | 'mean' | 'standardError' | 'bitsPerDim' | 'evaluations'>;

type OnProgress = (at: { fraction: number; evaluations: number }) => void;

/** Scores rows under the r-th draw of dequantisation. */
export type Score = (x: PlainTensor, repeat: number, onProgress: OnProgress) => Promise<Scored>;

/** Scores of rows averaged over `repeats` draws of dequantisation and of whatever else is drawn. */
export async function repeated(
  run: Run,
  rows: Rows,
  repeats: number,
  score: Score,
  session: Session,
): Promise<Scored> {
  const progress = session.progress('scoring');
  const results: Scored[] = [];
  try {
    for (let r = 0; r < repeats; r++) {
      const onProgress: OnProgress = ({ fraction, evaluations }) =>
        progress.update({ fraction: (r + fraction) / repeats, evaluations });
      results.push(await score(rows.read(r), r, onProgress));
    }
  } finally {
    progress.end();
  }
  return averaged(results, run);
}

function averaged(results: readonly Scored[], { config }: Run): Scored {
  const first = results[0]!;
  if (results.length === 1) return first;
  const logProbability = first.logProbability.map(
    (_, i) => results.reduce((sum, each) => sum + each.logProbability[i]!, 0) / results.length,
  );
  const count = logProbability.length;
  const mean = logProbability.reduce((sum, value) => sum + value, 0) / count;
  const squares = logProbability.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const bits = { bitsPerDim: -mean / (config.transform.shift.length * Math.LN2) };
  return {
    ...first,
    logProbability,
    mean,
    standardError: Math.sqrt(squares / Math.max(1, count - 1) / count),
    ...(first.bitsPerDim !== undefined && bits),
  };
}
