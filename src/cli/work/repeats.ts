import type { ModelConfig } from '../../run/folder/config.ts';
import type { Spread } from '../../run/use/ensemble.ts';
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
  const results = await inTurns(repeats, session, (r, onProgress) => score(rows.read(r), r, onProgress));
  const { averageScores } = await import('../../run/use/likelihood.ts');
  return averageScores(results);
}

/** Scores of the same rows under each member of an ensemble, pooled. */
export async function ofEnsemble(
  rows: Rows,
  members: readonly Score[],
  config: ModelConfig,
  session: Session,
): Promise<Scored & Spread> {
  const read = rows.read(0);
  const results = await inTurns(members.length, session, (k, onProgress) => members[k]!(read, 0, onProgress));
  const { pooled } = await import('../../run/use/ensemble.ts');
  return pooled(results, config);
}

async function inTurns(
  count: number,
  session: Session,
  score: (turn: number, onProgress: OnProgress) => Promise<Scored>,
): Promise<Scored[]> {
  const progress = session.progress('scoring');
  const results: Scored[] = [];
  try {
    for (let k = 0; k < count; k++)
      results.push(
        await score(k, ({ fraction, evaluations }) =>
          progress.update({ fraction: (k + fraction) / count, evaluations }),
        ),
      );
    return results;
  } finally {
    progress.end();
  }
}
