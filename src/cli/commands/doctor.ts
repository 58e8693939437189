import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { flag } from '../arguments/values.ts';
import { print, printJson } from '../terminal/output.ts';

const options = { json: { type: 'boolean', describe: 'print JSON' } } as const satisfies OptionTable;
type DoctorArgs = ArgsOf<typeof options>;

export const doctorCommand = defineCommand({
  command: 'doctor',
  describe: 'what loads on this machine, what does not, and how to repair it',
  options,
  examples: [['doctor', 'the engines, in the order of speed']],
  run: doctorRun,
});

async function doctorRun(args: DoctorArgs): Promise<void> {
  const { examine } = await import('../work/doctor.ts');
  const checks = await examine();
  if (flag(args, 'json')) return printJson(checks);
  const lines = checks.map(({ name, works, what, mend }) => {
    const head = `${works ? '✓' : '✗'} ${name.padEnd(20)} ${what}`;
    return mend === undefined ? head : `${head}\n  ${''.padEnd(20)} → ${mend}`;
  });
  const engine = checks.find(({ kind, works }) => kind === 'engine' && works);
  return print([`${lines.join('\n')}\n\n--engine auto takes: ${engine ? engine.name : 'none'}\n`]);
}
