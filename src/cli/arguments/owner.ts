import { type LangevinError, usage } from '../../errors.ts';

const MESSAGES = {
  solver: '--solver-options needs --solver',
  schedule: '--schedule-options needs --schedule',
};

/**
 * The error of options whose solver or schedule is not named. It suggests the first name that `make` accepts
 * with these options.
 */
export async function withoutOwner(
  kind: 'solver' | 'schedule',
  names: readonly string[],
  make: (name: string) => unknown,
): Promise<LangevinError> {
  const what = MESSAGES[kind];
  for (const name of names) {
    const accepts = await Promise.resolve(name)
      .then(make)
      .then(
        () => true,
        () => false,
      );
    if (accepts) return usage(what, { mend: { says: `Name the ${kind} too:`, options: { [kind]: name } } });
  }
  return usage(what, {
    remedy: `Name the ${kind} too: no ${kind} of \`langevin list ${kind}s\` accepts these options`,
  });
}
