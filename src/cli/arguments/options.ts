import type { TextOptions } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import type { ArgsOf, OptionTable } from './command.ts';
import { given, text } from './values.ts';

/** Values are checked by `args.ts`, which says what was got; yargs would only say NaN. */
const value = { requiresArg: true } as const;
const word = { type: 'string', requiresArg: true } as const;

export const engineOptions = {
  engine: { ...word, describe: 'a name of `langevin list engines`, or auto (default)' },
  threads: { ...value, describe: 'threads of the engine; default all cores' },
  cache: {
    ...word,
    describe: 'folder where onnx keeps large models as laid out for this machine: opened sooner, less memory',
  },
  provider: { ...word, describe: 'execution provider of onnx: cpu, cuda, tensorrt, webgpu, coreml or dml' },
} as const satisfies OptionTable;

export const solverOptions = {
  solver: { ...word, describe: 'a name of `langevin list solvers`, or a file such as ./my-solver.mjs' },
  'solver-options': { ...word, describe: 'options of the solver: snr=0.1,steps=2 or JSON' },
  steps: { ...value, describe: 'steps of the time grid' },
  grid: { ...word, describe: 'a name of `langevin list grids`' },
  tolerance: { ...value, describe: 'error allowed an adaptive solver; default 1e-5' },
  batch: { ...value, describe: 'rows worked on at once; default 512, fewer for images' },
} as const satisfies OptionTable;

/** How a table of text is written, where its content does not say so. */
export const textOptions = {
  delimiter: {
    ...word,
    describe: 'what parts the fields: comma, semicolon, tab, pipe, blank or a character',
  },
  decimal: { ...word, describe: 'the decimal mark of a table of text: . or ,' },
  header: { type: 'boolean', describe: 'the first line names the columns; --no-header if it does not' },
  'drop-rows': {
    type: 'boolean',
    describe: 'leave out the rows of a table of text that have text or missing values among the numbers',
  },
  encoding: { ...word, describe: 'of a table of text: utf-8, windows-1252, utf-16le, …' },
} as const satisfies OptionTable;

/** Those of the options above that are given. */
export function textOptionsOf(args: ArgsOf<typeof textOptions>): TextOptions {
  const decimal = text(args, 'decimal');
  if (decimal !== undefined && decimal !== '.' && decimal !== ',')
    throw usage('The option has a wrong value', { where: '--decimal', got: decimal, expected: '. or ,' });
  return given({
    delimiter: text(args, 'delimiter'),
    decimal,
    header: args.header as boolean | undefined,
    encoding: text(args, 'encoding'),
    dropRows: args['drop-rows'] as boolean | undefined,
  });
}

export const runOptions = {
  sde: { ...word, describe: 'the file of the SDE, for a run that was trained with one' },
  net: { ...word, describe: 'the file of the network, likewise' },
  seed: { ...value, describe: 'a whole number; default 0' },
} as const satisfies OptionTable;

export const arrayOption = {
  array: { ...word, describe: 'of an .npz with several arrays, the one that holds the rows' },
} as const satisfies OptionTable;

export const runPositional = {
  run: { type: 'string', describe: 'folder of a run, made by `langevin train`', demandOption: true },
} as const;

export const out = (describe: string) => ({ out: { ...word, describe } }) as const;
export { value, word };
