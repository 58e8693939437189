import type { Scores } from '../../run/use/likelihood.ts';
import type { Session } from '../terminal/session.ts';
import type { NumberedRows, Rows } from './rows.ts';

/** The scores that every method returns. */
export type Scored = Omit<Scores, 'divergence'>;

type OnProgress = (at: { fraction: number; evaluations: number }) => void;

/** Scores rows under the r-th draw of dequantisation. */
export type Score = (x: NumberedRows, repeat: number, onProgress: OnProgress) => Promise<Scored>;

/** Scores of rows, averaged over `repeats` draws of dequantisation and of any other random numbers. */
export async function repeated(rows: Rows, repeats: number, score: Score, session: Session): Promise<Scored> {
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
  const { averageScores } = await import('../../run/use/likelihood.ts');
  return averageScores(results);
}
