import { LangevinError } from '../../errors.ts';

/** The error of a program that cannot be traced: it may still run on an eager engine. */
export class UntraceableError extends LangevinError {}

const REMEDY = 'Write it with the operations of langevin/plugin, or choose an eager engine (--engine wasm)';

export const readInside = (): UntraceableError =>
  new UntraceableError('A tensor was read inside a traced program', {
    ...placed(new Error().stack),
    remedy: `Keep programs pure: return the tensor and read it outside. ${REMEDY}`,
  });

/**
 * Translates the tfjs error for a kernel that its backend lacks, and adds the line of the call; other errors
 * stay unchanged.
 */
export function explained(error: unknown, backend: string): unknown {
  if (!(error instanceof Error)) return error;
  const [, kernel, where] = /^Kernel '(\w+)' not registered for backend '(.+)'/.exec(error.message) ?? [];
  if (kernel === undefined || where !== backend) return error;
  const what = `The operation ${kernel} cannot be compiled`;
  return new UntraceableError(what, { ...placed(error.stack), remedy: REMEDY });
}

/** Stack frames to record while tracing: many frames of tfjs lie between a program's line and a kernel. */
export const FRAMES = 60;

function placed(stack: string | undefined): { where?: string } {
  const where = callSite(stack);
  return where === undefined ? {} : { where };
}

/** How this room appears in stack traces, in the source tree and in a build. */
const ROOM = new URL('..', import.meta.url).pathname;

/** The first line of a stack outside this room, tfjs and Node: the line that called the operation. */
export function callSite(stack = '', room = ROOM): string | undefined {
  const places = stack
    .split('\n')
    .slice(1)
    .map(line => /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(line)?.[1]?.replace('file://', ''));
  return places.find(
    place => place !== undefined && !place.includes(room) && !/@tensorflow[/\\]|^node:/.test(place),
  );
}
