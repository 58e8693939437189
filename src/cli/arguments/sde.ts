import { usage } from '../../errors.ts';
import type { PresetName } from '../../registry/presets.ts';
import type { ScheduleSpec } from '../../registry/schedules.ts';
import type { SdeOptions, SdeSpec } from '../../registry/sdes.ts';
import type { ArgsOf, OptionTable } from './command.ts';
import { isModule, loadSde } from './modules.ts';
import { word } from './options.ts';
import { withoutOwner } from './owner.ts';
import { type Args, given, pairs, text } from './values.ts';

export const sdeOptions = {
  sde: { ...word, describe: 'a name of `langevin list sdes`, default vp; or a file such as ./my-sde.mjs' },
  'sde-options': { ...word, describe: 'options of the SDE: tMin=0.001 or JSON' },
  schedule: { ...word, describe: 'a name of `langevin list schedules`, or a formula in t' },
  'schedule-options': { ...word, describe: 'options of the schedule: betaMax=10 or JSON' },
  drift: { ...word, describe: 'f(x, t) for --sde formula, linear in x: "-5*t*x"' },
  diffusion: { ...word, describe: 'g(t) for --sde formula: "sqrt(10*t)"' },
} as const satisfies OptionTable;

/** The forward SDE that the options name, or otherwise that of the preset. */
export async function sdeOf(args: ArgsOf<typeof sdeOptions> & Args<'preset'>): Promise<SdeSpec> {
  const presetName = text(args, 'preset');
  const preset =
    presetName === undefined
      ? undefined
      : (await import('../../registry/presets.ts')).presetOf(presetName as PresetName);
  const name = text(args, 'sde') ?? preset?.sde.name ?? 'vp';
  const [drift, diffusion] = [text(args, 'drift'), text(args, 'diffusion')];
  const options = pairs(args, 'sde-options');
  if (name !== 'formula' && (drift ?? diffusion) !== undefined) {
    throw usage('--drift and --diffusion need --sde formula', {
      got: `--sde ${name}`,
      remedy: 'Add --sde formula',
    });
  }
  const presetOfSde = preset?.sde.name === name ? preset : undefined;
  const schedule = (await scheduleOf(args, name)) ?? presetOfSde?.schedule;
  if (!isModule(name))
    return { ...presetOfSde?.sde, name, ...options, ...given({ schedule, drift, diffusion }) } as SdeOptions;
  if (schedule === undefined) return loadSde(name, options);
  throw usage('An SDE from a file has no schedule', {
    where: name,
    remedy: 'Leave --schedule out',
  });
}

async function scheduleOf(
  args: Args<'schedule' | 'schedule-options'>,
  sde: string,
): Promise<ScheduleSpec | undefined> {
  const name = text(args, 'schedule');
  const options = pairs(args, 'schedule-options');
  if (Object.keys(options).length === 0) return name as ScheduleSpec | undefined;
  if (name !== undefined) return { name, ...options } as ScheduleSpec;
  const { makeSde } = await import('../../registry/sdes.ts');
  const { schedules } = await import('../../../schedules/index.ts');
  throw await withoutOwner('schedule', Object.keys(schedules), owner =>
    makeSde({ name: sde, schedule: { name: owner, ...options } } as SdeOptions),
  );
}
