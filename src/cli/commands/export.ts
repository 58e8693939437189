import { unknownName, usage } from '../../errors.ts';
import type { Exportable, OnnxOptions } from '../../export/onnx.ts';
import type { Units } from '../../export/units.ts';
import type { GridName } from '../../registry/grids.ts';
import type { Run } from '../../run/run.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf, openSolver } from '../arguments/open.ts';
import { engineOptions, out, runPositional, solverOptions, value, word } from '../arguments/options.ts';
import { flag, given, real, text, whole } from '../arguments/values.ts';
import { checkOutput } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const targets = ['onnx', 'safetensors'] as const;
const { tolerance: _, ...gridOptions } = solverOptions;

const options = {
  net: {
    ...word,
    describe: 'the file of the network, for a run that was trained with a network from a file',
  },
  to: { ...word, describe: 'onnx (default) or safetensors' },
  what: { ...word, describe: 'for onnx: score (default), denoiser or sampler' },
  units: {
    ...word,
    describe: 'for onnx: data (default), or standardised, for data that are large compared with their spread',
  },
  ...gridOptions,
  batch: { ...word, describe: 'rows of the ONNX model: a number, or dynamic (default) for any' },
  label: { ...word, describe: 'a class of the run, for a run with labels' },
  guidance: { ...value, describe: 'weight of classifier-free guidance to the label; default 0' },
  denoise: { type: 'boolean', default: true, describe: 'end a sampler with its expected clean value' },
  sde: { ...word, describe: 'the file of the SDE, for a run that was trained with an SDE from a file' },
  ...out('FILE.onnx or FILE.safetensors'),
  ...engineOptions,
} as const satisfies OptionTable;
type ExportArgs = ArgsOf<typeof options & typeof runPositional>;

export const exportCommand = defineCommand({
  command: 'export <run>',
  describe: 'write a run for other programs: an ONNX model, or its weights',
  positionals: runPositional,
  options,
  examples: [
    ['export runs/moons --out score.onnx', 'the score as a function of x and t'],
    ['export runs/moons --what sampler --solver unipc --steps 10 --out moons.onnx', 'noise to samples'],
    ['export runs/moons --to safetensors --out moons.safetensors', 'the weights by name'],
  ],
  run: exportRun,
});

async function exportRun(args: ExportArgs, session: Session): Promise<void> {
  const to = text(args, 'to') ?? 'onnx';
  if (!(targets as readonly string[]).includes(to)) throw unknownName('export format', to, targets);
  const path = text(args, 'out');
  if (path === undefined)
    throw usage('The output file is missing', { where: '--out', expected: `FILE.${to}` });
  await checkOutput(path, [`.${to}`]);
  const options = to === 'onnx' ? await onnxOptions(args) : {};
  const run = await openRunOf(args);
  const condition = given({ label: text(args, 'label'), guidance: real(args, 'guidance') });
  if (to === 'onnx') {
    const { ofClass } = await import('../../run/use/labels.ts');
    return writeOnnx(ofClass(run, condition), options, path, args, session);
  }
  const { exportSafetensors } = await import('../../export/safetensors.ts');
  await write(path, exportSafetensors(run));
  session.note(`${Object.keys(run.params).length} weights: ${path}`);
}

async function onnxOptions(args: ExportArgs): Promise<OnnxOptions> {
  const what = text(args, 'what') as Exportable | undefined;
  const batch = text(args, 'batch') === 'dynamic' ? 'dynamic' : whole(args, 'batch');
  const ofSampler = given({
    solver: await openSolver(args),
    steps: whole(args, 'steps'),
    grid: text(args, 'grid') as GridName | undefined,
  });
  const samplerOnly = Object.keys(ofSampler)[0];
  if (what !== 'sampler' && samplerOnly !== undefined)
    throw usage(`--${samplerOnly} is an option of samplers`, { remedy: 'Add --what sampler' });
  const units = text(args, 'units') as Units | undefined;
  return { ...given({ what, batch, units }), ...ofSampler, denoise: flag(args, 'denoise') };
}

/** Writes the file only after its model, in a session of its own, gave the same results as the library. */
async function writeOnnx(
  run: Run,
  options: OnnxOptions,
  path: string,
  args: ExportArgs,
  session: Session,
): Promise<void> {
  const { exportOnnx } = await import('../../export/onnx.ts');
  const { checkOnnx } = await import('../../export/check.ts');
  const model = exportOnnx(run, options);
  const difference = await checkOnnx(run, model, options, await openEngine(args, session));
  await write(path, model.bytes);
  const forms = (values: object) =>
    Object.entries(values)
      .map(([name, shape]) => `${name} [${shape}]`)
      .join(', ');
  session.note(
    `${forms(model.inputs)} → ${forms(model.outputs)}, opset ${model.metadata['langevin.opset']}; ` +
      `checked: differs from the library by ${difference.toExponential(1)}: ${path}`,
  );
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  const { writeFileAtomic } = await import('../../files/atomic.ts');
  await writeFileAtomic(path, bytes);
}
