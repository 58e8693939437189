import type { Finding, LevelMeasures, Measures } from './contract.ts';

/** The error that is left beside the irreducible loss, from which on a level counts as not learned. */
const UNLEARNED = 0.25;
/** How much worse than a Gaussian a level may be, where the truth is not known. */
const WORSE = 1.05;
/** The loss of fresh rows over that of trained rows, from which on rows are memorised. */
const APART = 1.3;
/** The share of curl from which on a field counts as no gradient. */
const TWISTED = 0.1;

/** What is wrong with a model by its measures, and what mends it. Nothing where all is well. */
export function judge(measures: Measures): Finding[] {
  return [...undertrained(measures), ...memorised(measures), ...twisted(measures)];
}

/** Levels at which the model is far from the best that there is. */
function undertrained({ levels }: Measures): Finding[] {
  const bad = levels.filter(isUnlearned);
  if (bad.length === 0) return [];
  const place = placeOf(bad, levels);
  const worst = bad.map(excessOf).reduce((most, each) => Math.max(most, each));
  const known = bad.some(({ ideal }) => ideal);
  const what = known
    ? `At ${place} the error beside the irreducible loss is up to ${percent(worst)} of that loss`
    : `At ${place} the loss is up to ${percent(worst)} above that of a Gaussian with the moments of the data`;
  const law = place.startsWith('high')
    ? ', and let training see all levels alike: --objective-options times=uniform'
    : place.startsWith('low')
      ? ', and let training see little noise more often: --objective-options times=log-normal,logMean=-2'
      : ', or take a wider network: --width 256';
  return [{ kind: 'undertrained', what, remedy: `Train longer (--steps)${law}` }];
}

const isUnlearned = (level: LevelMeasures): boolean =>
  level.ideal && level.fisher
    ? level.fisher.value - 3 * level.fisher.error > UNLEARNED * level.ideal.value
    : level.loss.value - 3 * level.loss.error > WORSE * (level.gaussian.value + 3 * level.gaussian.error);

const excessOf = ({ ideal, fisher, loss, gaussian }: LevelMeasures): number =>
  ideal && fisher ? fisher.value / ideal.value : loss.value / gaussian.value - 1;

/** Rows trained on have a lower loss than others. */
function memorised({ levels }: Measures): Finding[] {
  const bad = levels.filter(
    ({ loss, trained }) =>
      trained &&
      loss.value > APART * trained.value &&
      loss.value - trained.value > 3 * Math.hypot(loss.error, trained.error),
  );
  if (bad.length < 2) return [];
  const worst = bad.map(({ loss, trained }) => loss.value / trained!.value).reduce((a, b) => Math.max(a, b));
  return [
    {
      kind: 'memorised',
      what: `At ${placeOf(bad, levels)} rows held out have ${worst.toPrecision(2)} times the loss of rows trained on: the model has memorised its rows`,
      remedy: 'Give it more rows, a smaller network (--width 32) or fewer --steps',
    },
  ];
}

/** Levels at which the field is no gradient. */
function twisted({ levels }: Measures): Finding[] {
  const bad = levels.filter(({ curl }) => curl !== undefined && curl > TWISTED);
  if (bad.length === 0) return [];
  const worst = bad.map(({ curl }) => curl!).reduce((a, b) => Math.max(a, b));
  return [
    {
      kind: 'curl',
      what: `At ${placeOf(bad, levels)} the field has curl: up to ${percent(worst)} of its Jacobian is antisymmetric, so it is no score of any density`,
      remedy: 'Train longer (--steps), or take a network without curl: --net energy',
    },
  ];
}

/** `high noise`, `low noise`, … with the range of σ/α. */
function placeOf(bad: readonly LevelMeasures[], levels: readonly LevelMeasures[]): string {
  const middle = (levels.length - 1) / 2;
  const places = bad.map(level => levels.indexOf(level));
  const mean = places.reduce((sum, each) => sum + each, 0) / places.length;
  const all = places.length > 0.7 * levels.length;
  const name = all
    ? 'most levels of'
    : mean > middle * 1.25
      ? 'high'
      : mean < middle * 0.75
        ? 'low'
        : 'middle';
  const range = [bad[0]!, bad.at(-1)!].map(({ noise }) => noise.toPrecision(2));
  return `${name} noise (σ/α from ${range[0]} to ${range[1]})`;
}

const percent = (part: number) => `${(100 * part).toPrecision(2)} %`;
