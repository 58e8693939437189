import { constants } from 'node:os';
import { type Progress, progressOf } from './progress.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What a command gets from its surroundings: a signal that stops it, and messages on stderr. */
export interface Session {
  readonly signal: AbortSignal;
  /** Prints a message for a person; nothing under --quiet. */
  note(message: string): void;
  progress(label: string): Progress;
  /** Disposes of this when the command ends. */
  own(resource: AsyncDisposable): void;
  close(): Promise<void>;
}

/** How much a command prints, and in which form. */
export interface Manner {
  readonly quiet: boolean;
  readonly progress?: string | undefined;
}

/** The exit status of a process that a signal ended. */
export const statusOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** The reason for stopping: an `AbortError`, as everywhere, with the exit status for this signal. */
const interruption = (signal: NodeJS.Signals) =>
  Object.assign(new Error(`The work was interrupted by ${signal}`), {
    name: 'AbortError',
    status: statusOf(signal),
  });

/**
 * The first signal asks the work to stop and free its resources. The second ends the process as soon as the
 * current native call returns. A third is no longer handled, so it ends the process at once. After an
 * interruption the handlers stay when the session closes: the process is about to end, and a second signal
 * that comes then must not change its exit status.
 */
export function openSession({ quiet, progress = 'auto' }: Manner): Session {
  const controller = new AbortController();
  const removeHandlers = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  const stop = (signal: NodeJS.Signals) => {
    if (!controller.signal.aborted) return controller.abort(interruption(signal));
    removeHandlers();
    process.exit(statusOf(signal));
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  const style = quiet ? 'none' : progress;
  const resources: AsyncDisposable[] = [];
  return {
    signal: controller.signal,
    note: message => {
      if (!quiet) process.stderr.write(remark(message, style));
    },
    progress: label => progressOf(label, style, process.stderr),
    own: resource => void resources.push(resource),
    close: () =>
      Promise.all(resources.map(resource => resource[Symbol.asyncDispose]()))
        .then(() => undefined)
        .finally(() => {
          if (!controller.signal.aborted) removeHandlers();
        }),
  };
}

/** A line of JSON between those of the progress; on a terminal the line replaces the bar. */
function remark(message: string, style: string): string {
  if (style === 'json') return `${JSON.stringify({ remark: message })}\n`;
  return `${process.stderr.isTTY ? '\r\x1b[2K' : ''}${message}\n`;
}
