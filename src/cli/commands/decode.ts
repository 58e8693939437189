import { defineCommand } from '../arguments/command.ts';
import { runPositional, word } from '../arguments/options.ts';
import { transportOptions, transportRun } from '../work/latents.ts';

export const decodeCommand = defineCommand({
  command: 'decode <run>',
  describe: 'carry latents back to data along the probability flow',
  positionals: runPositional,
  options: {
    data: { ...word, demandOption: true, describe: 'a file of latents, .npy or .csv, as `encode` writes it' },
    ...transportOptions,
  },
  examples: [['decode runs/moons --data latents.npy --out points.csv', 'the way back']],
  run: (args, session) => transportRun('decode', args, session),
});
