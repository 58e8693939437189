import { extname } from 'node:path';
import { unknownName, usage } from '../../errors.ts';
import type { Released } from '../../presets/released.ts';
import type { ImportRunOptions } from '../../run/folder/import.ts';
import type { PlainParams } from '../../tensor/types.ts';
import type { WeightsKind } from '../../weights/kind.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { out, word } from '../arguments/options.ts';
import { flag, given, required, text } from '../arguments/values.ts';
import { checkOutput, printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const kinds: readonly WeightsKind[] = ['ema', 'model'];

const positionals = {
  file: {
    type: 'string',
    describe: '.pth, .pt or .safetensors, or a folder that diffusers wrote',
    demandOption: true,
  },
} as const;
const options = {
  arch: {
    ...word,
    describe:
      'the network that the weights fit: the name of a released configuration, or a FILE.json of the same form',
  },
  overwrite: { type: 'boolean', describe: 'replace an existing run' },
  weights: { ...word, describe: 'ema or model; default ema (the moving average), if the file has it' },
  ...out('FILE.safetensors, or with --arch the folder of a run; without --out the content is only printed'),
} as const satisfies OptionTable;
type ImportArgs = ArgsOf<typeof options & typeof positionals>;

export const importCommand = defineCommand({
  command: 'import <file>',
  describe: 'convert weights that torch saved into a run or safetensors, without running code from the file',
  positionals,
  options,
  examples: [
    ['import checkpoint_8.pth', 'prints the content of the file'],
    [
      'import checkpoint_8.pth --arch vp/cifar10_ddpmpp_continuous --out runs/ddpmpp',
      'a run to sample, score and export',
    ],
    [
      'import checkpoint_8.pth --arch vp/cifar10_ddpmpp_continuous --out ddpmpp.safetensors',
      'its averaged weights',
    ],
  ],
  run: importRun,
});

async function importRun(args: ImportArgs, session: Session): Promise<void> {
  const [path, weights] = [text(args, 'out'), text(args, 'weights') as WeightsKind | undefined];
  if (weights !== undefined && !kinds.includes(weights)) throw unknownName('kind of weights', weights, kinds);
  const { file, arch } = await fileAndArch(required(args, 'file'), text(args, 'arch'));
  if (path !== undefined && extname(path) === '') {
    const overwrite = flag(args, 'overwrite');
    return intoRun({ file, out: path, overwrite, ...given({ weights }) }, arch, session);
  }
  await checkOutput(path, ['.safetensors']);
  const { exportSafetensors, fitWeights, importWeights } = await import('../../weights/index.ts');
  const { namedAsIn, publishedNet } = await import('../../score/nets/published-net.ts');
  if (arch) publishedNet(arch.released.net);
  const { params, source } = await importWeights(file, given({ weights }));
  const net = arch && publishedNet(namedAsIn(arch.released.net, Object.keys(params)));
  const tensors = net ? fitWeights(params, net.weights, file) : params;
  if (Object.keys(tensors).length === 0) throw usage('the file has no weights', { where: file });
  if (path !== undefined) {
    const { writeFileAtomic } = await import('../../files/atomic.ts');
    await writeFileAtomic(path, exportSafetensors(tensors, given({ arch: arch?.name })));
    session.note(`${Object.keys(tensors).length} tensors: ${path}`);
  }
  await printJson({ ...source, ...given({ arch: arch?.name }), tensors: formsOf(tensors) });
}

/** The file of weights, and the network that --arch or its folder names. */
async function fileAndArch(path: string, name: string | undefined): Promise<{ file: string; arch?: Arch }> {
  if (name !== undefined) return { file: path, arch: await archOf(name) };
  const { isFolder } = await import('../../files/disk.ts');
  if (!(await isFolder(path))) return { file: path };
  const { diffusersFolder } = await import('../../presets/diffusers.ts');
  const { file, arch } = await diffusersFolder(path);
  return { file, arch: { name: 'UNet2DModel', released: arch, fromFile: true } };
}

const formsOf = (params: PlainParams) => Object.entries(params).map(([name, { shape }]) => ({ name, shape }));

/** A network: its name, which is stored with the output, and its description. */
interface Arch {
  readonly name: string;
  readonly released: Released;
  readonly fromFile: boolean;
}

/** The largest size of a network description in bytes. */
const LARGEST = 2 ** 20;

async function archOf(name: string): Promise<Arch> {
  if (extname(name).toLowerCase() !== '.json') {
    const { releasedOf } = await import('../../presets/released.ts');
    return { name, released: releasedOf(name), fromFile: false };
  }
  const { parseArch } = await import('../../presets/arch.ts');
  const { readRegular } = await import('../../files/disk.ts');
  const { parseJson } = await import('../../files/index.ts');
  const content = await readRegular(name, LARGEST).catch((cause: Error) => {
    throw usage('The description of the network cannot be read', { where: name, got: cause.message });
  });
  return {
    name,
    released: parseArch(parseJson(content.toString('utf8'), name, usage), name),
    fromFile: true,
  };
}

async function intoRun(
  options: Omit<ImportRunOptions, 'arch'>,
  arch: Arch | undefined,
  session: Session,
): Promise<void> {
  if (!arch) {
    throw usage('A run needs to know its network', {
      where: '--out',
      got: options.out,
      expected: '--arch, a released configuration or a FILE.json; or --out FILE.safetensors',
    });
  }
  const { importRun: toRun } = await import('../../run/folder/import.ts');
  const { config, params } = await toRun({ ...options, arch: arch.fromFile ? arch.released : arch.name });
  session.note(`${Object.keys(params).length} tensors: ${options.out}`);
  const imported = 'imported' in config ? config.imported : {};
  await printJson({ path: options.file, ...imported, arch: arch.name, tensors: formsOf(params) });
}
