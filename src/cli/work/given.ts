import { usage } from '../../errors.ts';
import { readRegular } from '../../files/disk.ts';
import type { GivenSpec } from '../../measure/all.ts';
import type { Measurement } from '../../measure/contract.ts';
import type { GuidanceName } from '../../registry/guidances.ts';
import type { Run } from '../../run/run.ts';
import type { Certificate, GivenOptions } from '../../run/use/given/options.ts';
import type { HostTensor } from '../../tensor/types.ts';
import type { ArgsOf, OptionTable } from '../arguments/command.ts';
import { value, word } from '../arguments/options.ts';
import { given, real, text, whole } from '../arguments/values.ts';
import type { Session } from '../terminal/session.ts';
import { classesOf, classOptions } from './given-classes.ts';

/** How a question to a run is put. */
export const questionOptions = {
  given: { ...word, describe: 'what is known of the samples: "a=1.5, b+2*c=3±0.1, d>0"' },
  'given-image': { ...word, describe: 'FILE.png whose pixels are known where --mask is white' },
  mask: { ...word, describe: 'FILE.png of the same size: white where --given-image is known' },
  operator: { ...word, describe: 'what --observed is of a sample: downsample:4, blur:1.5 or gray' },
  observed: { ...word, describe: 'FILE.png: the small, blurred or grey picture of --operator' },
  noise: { ...value, describe: 'standard deviation of the error of a pixel, as a part of white; default 0' },
  ...classOptions,
  method: {
    ...word,
    describe: 'how it is answered: smc, importance, or a name of `langevin list guidances`',
  },
  particles: { ...value, describe: 'of smc, the particles of a population; default 256' },
  populations: { ...value, describe: 'of smc, the independent populations; default 4, or as --count needs' },
  twist: { ...word, describe: 'of smc, the guidance that weighs particles: mmps or pigdm' },
  weight: { ...value, describe: 'weight of the guidance; default 1; not of smc' },
} as const satisfies OptionTable;
type QuestionArgs = ArgsOf<typeof questionOptions>;

/** What the options say is known, and how it is to be answered; nothing without a question. */
export async function questionOf(args: QuestionArgs, run: Run): Promise<GivenOptions> {
  const clauses = text(args, 'given');
  const pictures = await picturesOf(args, run);
  const classes = await classesOf(args, run);
  const measurements: GivenSpec = [...(clauses === undefined ? [] : [clauses]), ...pictures, ...classes];
  const way = given({
    method: text(args, 'method') as GuidanceName | undefined,
    particles: whole(args, 'particles', 2),
    populations: whole(args, 'populations', 1),
    twist: text(args, 'twist') as GuidanceName | undefined,
    weight: real(args, 'weight'),
  });
  if (measurements.length > 0) return { given: measurements, ...way };
  for (const name of ['method', 'particles', 'populations', 'twist', 'weight', 'noise'] as const)
    if (args[name] !== undefined)
      throw usage(`--${name} answers a question`, { remedy: 'Put one: --given "a=1.5"' });
  return {};
}

async function picturesOf(args: QuestionArgs, run: Run): Promise<Measurement[]> {
  const [image, measurements] = [text(args, 'given-image'), text(args, 'mask')];
  const [operator, observed] = [text(args, 'operator'), text(args, 'observed')];
  if ((image === undefined) !== (measurements === undefined))
    throw usage('--given-image and --mask belong together', { remedy: 'Give both files' });
  if ((operator === undefined) !== (observed === undefined))
    throw usage('--operator and --observed belong together', {
      remedy: 'Say what the picture is of a sample: --operator downsample:4 --observed small.png',
    });
  if (image === undefined && operator === undefined) return [];
  const { levelsOf } = await import('../../run/use/images.ts');
  const [black, white] = levelsOf(run.config) ?? [0, 255];
  const colour = run.config.data.shape.length > 2 && run.config.data.shape[0] === 3;
  const level = (part: number) => black + part * (white - black);
  const read = (path: string, colours = colour) => readPicture(path, colours, level);
  const std = (real(args, 'noise', 0) ?? 0) * (white - black);
  const pictures = await import('../../measure/pictures.ts');
  const all: Measurement[] = [];
  if (image !== undefined && measurements !== undefined) {
    const mask = await readPicture(measurements, false, part => Math.round(part));
    all.push(pictures.mask(await read(image), mask, { std }));
  }
  if (operator !== undefined && observed !== undefined)
    all.push(await operatorOf(operator, grey => read(observed, colour && !grey), std));
  return all;
}

async function operatorOf(
  operator: string,
  read: (grey: boolean) => Promise<HostTensor>,
  std: number,
): Promise<Measurement> {
  const { blur, downsample, gray } = await import('../../measure/pictures.ts');
  const [name, amount] = operator.split(':');
  if (name === 'gray' && amount === undefined) return gray(await read(true), { std });
  if (name === 'downsample' && amount) return downsample(Number(amount), await read(false), { std });
  if (name === 'blur' && amount) return blur(Number(amount), await read(false), { std });
  throw usage('There is no such operator', {
    where: '--operator',
    got: operator,
    expected: 'downsample:4, blur:1.5 or gray',
  });
}

/** A picture in the units of the data, [H, W] or [3, H, W]; `level` maps 0 (black) to 1 (white). */
async function readPicture(
  path: string,
  colour: boolean,
  level: (part: number) => number,
): Promise<HostTensor> {
  const { planes, readPng } = await import('../../data/index.ts');
  const picture = readPng(await readRegular(path), path);
  const values = Float64Array.from(planes(picture, colour)).map(byte => level(byte / 255));
  const { height, width } = picture;
  return { data: values, shape: colour ? [3, height, width] : [height, width] };
}

/** The interval of a log-evidence; nothing where it is narrower than the digits that are shown. */
export function rangeText(interval: Certificate['interval']): string {
  const [low, high] = interval?.map(end => end.toFixed(3)) ?? [];
  return low === high ? '' : ` (95 %: ${low} to ${high})`;
}

/** What a log-evidence is the logarithm of, in words: a probability with its value, or a density. */
export function unitsText({ kind, per, logEvidence, interval }: Certificate): string {
  if (logEvidence === null || kind === undefined) return '';
  if (kind === 'density') return `a log-density, per unit of ${per?.join(' and of ')}`;
  if (kind === 'weight')
    return 'the log of a mean weight, which is no probability: a likelihood, or classes with other weights than 1';
  const [value, low, high] = [logEvidence, ...(interval ?? [])].map(log =>
    Number(Math.min(1, Math.exp(log)).toPrecision(3)),
  );
  const range = low === high ? '' : ` (${low} to ${high})`;
  return `a log-probability: P = ${value}${range}`;
}

/** Tells a person how far an answer can be trusted. */
export function tellCertificate(certificate: Certificate, session: Session): void {
  const { method, effectiveSampleSize, logEvidence, interval, warnings } = certificate;
  const size = effectiveSampleSize === null ? '' : `, ${effectiveSampleSize.toFixed(0)} effective samples`;
  const evidence =
    logEvidence === null ? '' : `, log evidence ${logEvidence.toFixed(3)}${rangeText(interval)}`;
  const units = unitsText(certificate);
  session.note(`answered by ${method}${size}${evidence}${units && `, ${units}`}`);
  for (const warning of warnings) session.note(`note: ${warning}`);
}
