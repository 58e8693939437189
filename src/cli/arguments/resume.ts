import { relative } from 'node:path';
import { usage } from '../../errors.ts';
import type { RunConfig } from '../../run/folder/config.ts';
import { type Args, text } from './values.ts';

const inner = (value: unknown, part: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;

/** What is compared of the configuration of a model or a classifier. */
type Stored = Pick<RunConfig, 'seed' | 'sde' | 'data' | 'training' | 'labels'> & {
  readonly net: { readonly name: string; readonly [option: string]: unknown };
  readonly objective: {
    readonly name: string;
    readonly sigma?: number | undefined;
    readonly weighting?: string;
  };
};

/** The place in a run's configuration of each option. */
const storedValues = {
  sde: c => [c.sde.name, c.sde.path],
  schedule: c => [inner(c.sde.schedule, 'name'), inner(c.sde.schedule, 'formula')],
  drift: c => [c.sde.drift],
  diffusion: c => [c.sde.diffusion],
  net: c => [c.net.name, c.net.path],
  width: c => [c.net.width],
  depth: c => [c.net.depth],
  dropout: c => [c.net.dropout],
  predicts: c => [c.net.predicts],
  objective: c => [c.objective.name],
  sigma: c => [c.objective.sigma],
  optimizer: c => [c.training.optimizer?.name ?? 'adam'],
  weighting: c => [c.objective.weighting],
  batch: c => [c.training.batch],
  'learning-rate': c => [c.training.learningRate],
  warmup: c => [c.training.warmup],
  decay: c => [c.training.decay],
  clip: c => [c.training.clip],
  ema: c => [c.training.ema],
  'checkpoint-every': c => [c.training.checkpointEvery],
  seed: c => [c.seed],
  labels: c => [c.labels?.source, c.labels && relative('', c.labels.source)],
  'label-dropout': c => [c.labels?.dropout],
  flips: c => [c.data.flips ?? false],
  array: c => [c.data.array],
  background: c => [c.data.background],
  size: c => [c.data.size],
  delimiter: c => [c.data.text?.delimiter],
  decimal: c => [c.data.text?.decimal],
  header: c => [c.data.text?.header],
  'drop-rows': c => [c.data.text?.dropRows ?? false],
  missing: c => [c.data.text?.missing ?? 'keep'],
  encoding: c => [c.data.text?.encoding],
  shape: c => [c.data.shape.join('x')],
  conditional: c => [c.data.conditional ?? false],
  condition: c => [c.data.condition?.join(',')],
  'validation-fraction': c => [c.data.validationFraction ?? 0],
  'test-fraction': c => [c.data.testFraction],
} satisfies Readonly<Record<string, (config: Stored) => readonly unknown[]>>;
type SettingName = keyof typeof storedValues;

/** @throws usage for a setting other than that of the run, which a resumed run cannot take */
export function requireSame(args: Args<SettingName>, config: Stored, dir: string): void {
  for (const [name, valuesOf] of Object.entries(storedValues) as [
    SettingName,
    (config: Stored) => readonly unknown[],
  ][]) {
    const setting = text(args, name);
    const values = valuesOf(config);
    if (setting === undefined) continue;
    if (values.some(value => String(value) === setting || value === Number(setting))) continue;
    throw usage('A resumed run keeps its settings', {
      where: `${dir}, --${name}`,
      got: setting,
      expected: `${values.find(value => value !== undefined) ?? 'the default'}`,
      remedy: `Leave --${name} out`,
    });
  }
}

/** Settings of which a run keeps what followed from them, and not their words. */
const UNREAD = [
  ...(['columns', 'exclude', 'kinds', 'drop-unusable', 'bounds', 'dequantize', 'levels', 'scaling'] as const),
  ...(['preset', 'net-options', 'from', 'objective-options', 'optimizer-options'] as const),
  ...(['sde-options', 'schedule-options'] as const),
];

/** What is said of settings that a resumed run neither reads again nor can compare; undefined without any. */
export function unreadSettings(args: Args<(typeof UNREAD)[number]>): string | undefined {
  const names = UNREAD.filter(name => args[name] !== undefined && args[name] !== false);
  if (names.length === 0) return undefined;
  const listed = names.map(name => `--${name}`).join(', ');
  return `A resumed run keeps its settings: ${listed} ${names.length > 1 ? 'are' : 'is'} not read again`;
}
