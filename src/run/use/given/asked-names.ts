import type { TableTransform } from '../../../data/index.ts';
import { askedComponent } from '../../../guide/closed/component.ts';
import { evidenceOfMixture } from '../../../guide/closed/probability.ts';
import { logSumExp } from '../../../math/log-sum.ts';
import type { HostTensor } from '../../../tensor/index.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { namesAsked } from '../name-scores.ts';
import { askedRows, cellStates, type Question } from '../questions.ts';
import { transformOf } from '../units.ts';
import { type AskedComponent, askedLaws } from './asked-laws.ts';
import { ofCoordinates } from './coordinates.ts';
import { knownRegions, namesOf, questionOf } from './row-regions.ts';

/** Points of a lattice for one name: there are many rows, and few coordinates of a name. */
const POINTS = 16;
/** Places within their steps at which known values are taken. */
const PLACES = 8;

/**
 * log P(name | known) of rows `[N, C]` by a run that is a mixture of Gaussians, if the question is about one
 * column of few names, and nothing known is a name or an end that many rows share: the share of its samples
 * that have the name. The names of a row sum to 1, and equal rows have equal answers. NaN for a row without a
 * name, or out of reach.
 */
export function closedNames(
  config: ModelConfig,
  x: HostTensor,
  question: Question,
): Float64Array | undefined {
  const column = namesAsked(config, question);
  const transform = transformOf(config);
  if (!column || transform.kind !== 'table') return undefined;
  const states = transform.states(cellStates(config, transform, x.data, question, false));
  if (knownRegions(transform, x.data, states).includes(true)) return undefined;
  const [count, width] = [x.shape[0]!, x.shape[1]!];
  const places = transform.steps ? PLACES : 1;
  const logNames = namesIn(transform, column);
  const shares = new Float64Array(count);
  for (let repeat = 0; repeat < places; repeat++) {
    const own = { ...question, rowNumbers: new Uint32Array(count), repeat };
    const laws = askedLaws(transform, askedRows(config, transform, x.data, own));
    for (let row = 0; row < count; row++) {
      const name = x.data[row * width + column.place]!;
      const logs = laws.isWithinReach(row) ? logNames(laws.lawOf(row)) : [];
      shares[row]! += Math.exp(logs[name] ?? Number.NaN) / places;
    }
  }
  return shares.map(Math.log);
}

/** log P of every name of a column, `[K]`, from the law of a row: the mass of the points of each name. */
function namesIn(transform: TableTransform, { place, names }: ColumnOfNames) {
  const { places, of } = namesOf(transform).find(({ c }) => c === place)!;
  const questions = Array.from({ length: names }, (_, name) => questionOf([of(name)]));
  return (law: readonly AskedComponent[]): Float64Array => {
    const own = law.map(component => ofCoordinates(component, places));
    const logs = Float64Array.from(
      questions.map(question => {
        const asked = own.flatMap(component => askedComponent(component, question) ?? []);
        return evidenceOfMixture(asked, question, POINTS).logEvidence;
      }),
    );
    const total = logSumExp(logs);
    return logs.map(log => log - total);
  };
}

type ColumnOfNames = NonNullable<ReturnType<typeof namesAsked>>;
