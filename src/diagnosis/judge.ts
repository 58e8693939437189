import type { Finding, LevelMeasures, Measures } from './contract.ts';

/** Nats a dimension of the bound on KL(data ‖ model) from which on the score counts as not learned. */
const COSTLY = 0.1;
/** How much worse than a Gaussian or a Parzen density the one level of a run may be. */
const WORSE = 1.05;
/** The loss of fresh rows over that of trained rows, from which on rows are memorised. */
const APART = 1.3;
/** The share of curl from which on a field counts as no gradient. */
const TWISTED = 0.1;

/** What is wrong with a model by its measures, and what mends it. Nothing where all is well. */
export function judge(measures: Measures): Finding[] {
  const learnedByHeart = memorisedLevels(measures);
  return [
    ...undertrained(measures, learnedByHeart),
    ...memorised(measures, learnedByHeart),
    ...twisted(measures),
  ];
}

/** Levels at which the score is not learned: by its error where the truth is known, else by its excess. */
function undertrained(
  { levels, divergenceBound }: Measures,
  learnedByHeart: readonly LevelMeasures[],
): Finding[] {
  const known = divergenceBound !== undefined;
  const most = known ? COSTLY : COSTLY / 2;
  const isOpen = (level: LevelMeasures) => !learnedByHeart.includes(level);
  const bad = (levels.length === 1 ? levels.filter(isWorse) : costly(levels, most, isOpen)).filter(isOpen);
  if (bad.length === 0) return [];
  const place = placeOf(bad, levels);
  const worst = bad.reduce((most, { loss, excess }) => {
    const other = loss.value - excess.value;
    return Math.max(most, loss.value / other - 1);
  }, 0);
  const what = known
    ? `${place} the error of the score makes up most of ${short(divergenceBound)} nats, the bound on KL(data ‖ model)`
    : `${place} the loss is up to ${percent(worst)} above what ${betterOf(bad)} of the data leaves`;
  const remedy =
    'Train longer (--steps) with a wider network (--width 256), and let training weigh all noise levels alike: --weighting likelihood --objective-options times=importance';
  return [{ kind: 'undertrained', what, remedy }];
}

/** What is better than the model at most of the levels. */
const betterOf = (bad: readonly LevelMeasures[]): string =>
  bad.filter(({ gaussian, parzen }) => parzen && parzen.value < gaussian.value).length > bad.length / 2
    ? 'a Parzen density'
    : 'a Gaussian with the moments';

/** Those that count with the largest shares of an error that costs `most` nats a dimension or more. */
function costly(
  levels: readonly LevelMeasures[],
  most: number,
  counts: (level: LevelMeasures) => boolean,
): LevelMeasures[] {
  const shares = levels.map((level, k) => {
    const { noise, fisher, excess } = level;
    if (!counts(level)) return 0;
    const [below, above] = [levels[k - 1]?.noise ?? noise, levels[k + 1]?.noise ?? noise];
    const { value, error } = fisher ?? excess;
    return 0.5 * Math.log(above / below) * Math.max(0, value - 3 * error);
  });
  if (shares.reduce((sum, each) => sum + each, 0) < most) return [];
  return levels.filter((_, k) => shares[k]! > 0.5 * Math.max(...shares));
}

const isWorse = ({ loss, excess }: LevelMeasures): boolean =>
  excess.value - 3 * excess.error > (WORSE - 1) * (loss.value - excess.value);

/** Levels at which rows trained on have a lower loss than others; none if they are fewer than two. */
function memorisedLevels({ levels }: Measures): readonly LevelMeasures[] {
  const bad = levels.filter(
    ({ loss, trained }) =>
      trained &&
      loss.value > APART * trained.value &&
      loss.value - trained.value > 3 * Math.hypot(loss.error, trained.error),
  );
  return bad.length < Math.min(2, levels.length) ? [] : bad;
}

/** Rows trained on have a lower loss than others. Longer training would not mend it. */
function memorised({ levels }: Measures, bad: readonly LevelMeasures[]): Finding[] {
  if (bad.length === 0) return [];
  const worst = bad.map(({ loss, trained }) => loss.value / trained!.value).reduce((a, b) => Math.max(a, b));
  return [
    {
      kind: 'memorised',
      what: `${placeOf(bad, levels)} rows held out have ${short(worst)} times the loss of rows trained on: the model has memorised its rows`,
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
      what: `${placeOf(bad, levels)} the field has curl: up to ${percent(worst)} of its Jacobian is antisymmetric, so it is no score of any density`,
      remedy: 'Train longer (--steps), or take a network without curl: --net energy',
    },
  ];
}

/** `At high noise`, `At low noise`, … with the range of σ/α. */
function placeOf(bad: readonly LevelMeasures[], levels: readonly LevelMeasures[]): string {
  const middle = (levels.length - 1) / 2;
  const places = bad.map(level => levels.indexOf(level));
  const mean = places.reduce((sum, each) => sum + each, 0) / places.length;
  const [low, high] = [bad[0]!, bad.at(-1)!].map(({ noise }) => short(noise));
  if (levels.length === 1) return `At σ/α = ${low}`;
  const range = low === high ? `σ/α = ${low}` : `σ/α from ${low} to ${high}`;
  if (places.length > 0.7 * levels.length) return `At nearly all noise levels (${range})`;
  const name = mean > middle * 1.25 ? 'high' : mean < middle * 0.75 ? 'low' : 'middle';
  return `At ${name} noise (${range})`;
}

/** A number with two digits, without an exponent. */
const short = (value: number) => `${Number(value.toPrecision(2))}`;
const percent = (part: number) => `${short(100 * part)} %`;
