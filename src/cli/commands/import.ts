import { unknownName, usage } from '../../errors.ts';
import type { WeightsKind } from '../../weights/index.ts';
import { type Args, given, required, text } from '../args.ts';
import { defineCommand } from '../command.ts';
import { out, word } from '../options.ts';
import { checkOutput, printJson } from '../output.ts';
import type { Session } from '../session.ts';

const kinds: readonly WeightsKind[] = ['ema', 'model'];

export const importCommand = defineCommand({
  command: 'import <file>',
  describe: 'read weights that torch saved, without running any of it, into safetensors',
  positionals: { file: { type: 'string', describe: '.pth, .pt or .safetensors', demandOption: true } },
  options: {
    arch: { ...word, describe: 'a released configuration whose names and shapes they must have' },
    weights: { ...word, describe: 'ema or model; default the moving average where there is one' },
    ...out('FILE.safetensors; without it only what the file holds is printed'),
  },
  examples: [
    ['import checkpoint_8.pth', 'what it holds'],
    [
      'import checkpoint_8.pth --arch vp/cifar10_ddpmpp_continuous --out ddpmpp.safetensors',
      'its averaged weights',
    ],
  ],
  run: importRun,
});

async function importRun(args: Args, session: Session): Promise<void> {
  const [path, arch, weights] = [text(args, 'out'), text(args, 'arch'), text(args, 'weights')];
  if (weights !== undefined && !kinds.includes(weights as WeightsKind))
    throw unknownName('kind of weights', weights, kinds);
  await checkOutput(path, ['.safetensors']);
  const wanted = arch === undefined ? undefined : await weightsOf(arch);
  const { exportSafetensors, fitWeights, importWeights } = await import('../../weights/index.ts');
  const file = required(args, 'file');
  const { params, source } = await importWeights(
    file,
    given({ weights: weights as WeightsKind | undefined }),
  );
  const fitted = wanted ? fitWeights(params, wanted, file) : params;
  const tensors = Object.entries(fitted).map(([name, { shape }]) => ({ name, shape }));
  if (tensors.length === 0) throw usage('it holds no weights', { where: file });
  if (path !== undefined) {
    const { writeFileAtomic } = await import('../../files/atomic.ts');
    await writeFileAtomic(path, exportSafetensors(fitted, given({ arch })));
    session.note(`${tensors.length} tensors: ${path}`);
  }
  await printJson({ ...source, ...given({ arch }), tensors });
}

async function weightsOf(arch: string) {
  const { releasedOf } = await import('../../presets/released.ts');
  const { publishedNet } = await import('../../score/nets/published.ts');
  return publishedNet(releasedOf(arch).net).weights;
}
