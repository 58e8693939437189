import { type LangevinError, usage } from '../errors.ts';

/** The error of an engine that was disposed of. */
export const disposedOf = (name: string): LangevinError =>
  usage(`The engine "${name}" was disposed of`, {
    remedy: 'Make another with makeEngine(), or dispose of it later',
  });
