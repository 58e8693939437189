import { usage } from '../../errors.ts';

/** Refuses anything but a whole number of at least `least`. */
export function requireWhole(where: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw usage(`option "${name}" is out of range`, {
    where,
    got: value,
    expected: `a whole number, ${least} or more`,
  });
}
