import { LangevinError } from '../../errors.ts';

/** A program does something that cannot be traced: it may still run on an eager engine. */
export class UntraceableError extends LangevinError {}

const REMEDY = 'Write it with the operations of langevin/plugin, or choose an eager engine (--engine wasm)';

export const readInside = (): UntraceableError =>
  new UntraceableError('A tensor was read inside a traced program', {
    ...placed(new Error().stack),
    remedy: `Keep programs pure: return the tensor and read it outside. ${REMEDY}`,
  });

/** What tfjs says of a kernel that its backend lacks, in words of ours with the line that called it; all else as it is. */
export function explained(error: unknown, backend: string): unknown {
  if (!(error instanceof Error)) return error;
  const [, kernel, where] = /^Kernel '(\w+)' not registered for backend '(.+)'/.exec(error.message) ?? [];
  if (kernel === undefined || where !== backend) return error;
  const what = `The operation ${kernel} cannot be compiled`;
  return new UntraceableError(what, { ...placed(error.stack), remedy: REMEDY });
}

/** Frames kept while tracing: between a program's line and a kernel lie many of tfjs. */
export const FRAMES = 60;

function placed(stack: string | undefined): { where?: string } {
  const where = callSite(stack);
  return where === undefined ? {} : { where };
}

/** This room as it stands in stack traces, in the source tree and in a built one. */
const ROOM = new URL('..', import.meta.url).pathname;

/** The first line of a stack that lies outside this room, tfjs and Node: the one that asked for the operation. */
export function callSite(stack = '', room = ROOM): string | undefined {
  const places = stack
    .split('\n')
    .slice(1)
    .map(line => /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(line)?.[1]?.replace('file://', ''));
  return places.find(
    place => place !== undefined && !place.includes(room) && !/@tensorflow[/\\]|^node:/.test(place),
  );
}
