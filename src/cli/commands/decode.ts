import { defineCommand, type OptionTable } from '../arguments/command.ts';
import { runPositional, word } from '../arguments/options.ts';
import { latentsOf, transportOptions, transportRun } from '../work/latents.ts';

const options = {
  data: { ...word, demandOption: true, describe: 'a file of latents, .npy or .csv, as `encode` writes it' },
  ...transportOptions,
} as const satisfies OptionTable;

export const decodeCommand = defineCommand({
  command: 'decode <run>',
  describe: 'move latents back to data along the probability flow',
  positionals: runPositional,
  options,
  examples: [['decode runs/moons --data latents.npy --out points.csv', 'the way back']],
  run: (args, session) => transportRun('decode', args, run => latentsOf(args, run), session),
});
