import { defineCommand, type OptionTable } from '../arguments/command.ts';
import { arrayOption, runPositional, textOptions, word } from '../arguments/options.ts';
import { dataOf, transportOptions, transportRun } from '../work/latents.ts';

const options = {
  data: { ...word, demandOption: true, describe: 'a toy density or a file' },
  ...arrayOption,
  ...textOptions,
  ...transportOptions,
} as const satisfies OptionTable;

export const encodeCommand = defineCommand({
  command: 'encode <run>',
  describe: 'move data to latents along the probability flow',
  positionals: runPositional,
  options,
  examples: [['encode runs/moons --data moons --count 500 --out latents.npy', 'latents of 500 fresh points']],
  run: (args, session) => transportRun('encode', args, run => dataOf(args, run, session), session),
});
