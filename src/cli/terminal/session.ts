import { constants } from 'node:os';
import { type Progress, progressOf } from './progress.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What a command has of the world: a signal that says stop, and a voice on stderr. */
export interface Session {
  readonly signal: AbortSignal;
  /** Tells a person something; silent under --quiet. */
  note(message: string): void;
  progress(label: string): Progress;
  close(): void;
}

/** How much a command says, and in which form. */
export interface Manner {
  readonly quiet: boolean;
  readonly progress?: string | undefined;
}

/** The exit status of a process that a signal ended. */
export const statusOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** Why work was broken off: an `AbortError`, as everywhere, that knows the exit status it asks for. */
const interruption = (signal: NodeJS.Signals) =>
  Object.assign(new Error(`The work was interrupted by ${signal}`), {
    name: 'AbortError',
    status: statusOf(signal),
  });

/**
 * The first interrupt asks the work to stop and free what it holds; the second ends the process as soon as
 * the native call under way is done; a third finds nobody who listens, and ends it at once.
 */
export function openSession({ quiet, progress = 'auto' }: Manner): Session {
  const controller = new AbortController();
  const deafen = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  const stop = (signal: NodeJS.Signals) => {
    if (!controller.signal.aborted) return controller.abort(interruption(signal));
    deafen();
    process.exit(statusOf(signal));
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  const style = quiet ? 'none' : progress;
  return {
    signal: controller.signal,
    note: message => {
      if (!quiet) process.stderr.write(remark(message, style));
    },
    progress: label => progressOf(label, style, process.stderr),
    close: deafen,
  };
}

/** A line of JSON among those of the progress; on a terminal it takes the place of the bar. */
function remark(message: string, style: string): string {
  if (style === 'json') return `${JSON.stringify({ remark: message })}\n`;
  return `${process.stderr.isTTY ? '\r\x1b[2K' : ''}${message}\n`;
}
