import type { TextOptions } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import type { ArgsOf, OptionTable } from './command.ts';
import { given, text } from './values.ts';

/** `values.ts` checks the values and reports what it got; yargs would only report NaN. */
const value = { requiresArg: true } as const;
const word = { type: 'string', requiresArg: true } as const;

export const engineOptions = {
  engine: { ...word, describe: 'a name of `langevin list engines`, or auto (default)' },
  threads: { ...value, describe: 'threads of the engine; default all cores' },
  cache: {
    ...word,
    describe:
      'folder where onnx stores large models prepared for this machine: they open sooner and use less memory',
  },
  provider: { ...word, describe: 'execution provider of onnx: cpu, cuda, tensorrt, webgpu, coreml or dml' },
} as const satisfies OptionTable;

export const solverOptions = {
  solver: { ...word, describe: 'a name of `langevin list solvers`, or a file such as ./my-solver.mjs' },
  'solver-options': { ...word, describe: 'options of the solver: snr=0.1,steps=2 or JSON' },
  steps: { ...value, describe: 'steps of the time grid' },
  grid: { ...word, describe: 'a name of `langevin list grids`' },
  tolerance: { ...value, describe: 'tolerance of an adaptive solver; default 1e-5' },
  batch: { ...value, describe: 'rows computed at once; default 512, fewer for images' },
} as const satisfies OptionTable;

/** How a text table is written, where this cannot be read from its content. */
export const textOptions = {
  delimiter: {
    ...word,
    describe: 'separator of the fields: comma, semicolon, tab, pipe, blank or a character',
  },
  decimal: { ...word, describe: 'decimal mark of a text table: . or ,' },
  header: { type: 'boolean', describe: 'the first line names the columns; --no-header if it does not' },
  'drop-rows': {
    type: 'boolean',
    describe: 'leave out rows of a text table that have text or missing values among the numbers',
  },
  missing: {
    ...word,
    describe: 'missing cells of a table: keep (default), drop their rows, or refuse them',
  },
  encoding: { ...word, describe: 'encoding of a text table: utf-8, windows-1252, utf-16le, …' },
} as const satisfies OptionTable;

const MISSING = ['keep', 'drop', 'refuse'] as const;

function missingOf(args: ArgsOf<typeof textOptions>): TextOptions['missing'] {
  const policy = text(args, 'missing');
  const missing = MISSING.find(one => one === policy);
  if (policy === undefined || missing) return missing;
  throw usage('The option has a wrong value', {
    where: '--missing',
    got: policy,
    expected: MISSING.join(', '),
  });
}

/** Those of the options above that are set. */
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
    missing: missingOf(args),
  });
}

export const runOptions = {
  sde: { ...word, describe: 'the file of the SDE, for a run that was trained with an SDE from a file' },
  net: {
    ...word,
    describe: 'the file of the network, for a run that was trained with a network from a file',
  },
  seed: { ...value, describe: 'a whole number; default 0' },
} as const satisfies OptionTable;

export const arrayOption = {
  array: { ...word, describe: 'name of the array with the rows, in an .npz with several arrays' },
} as const satisfies OptionTable;

export const runPositional = {
  run: { type: 'string', describe: 'folder of a run, made by `langevin train`', demandOption: true },
} as const;

export const out = (describe: string) => ({ out: { ...word, describe } }) as const;
export { value, word };
