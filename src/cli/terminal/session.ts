import { type Args, flag, text } from '../arguments/values.ts';
import { type Progress, progressOf } from './progress.ts';

/** What a command has of the world: a signal that says stop, and a voice on stderr. */
export interface Session {
  readonly signal: AbortSignal;
  /** Tells a person something; silent under --quiet. */
  note(message: string): void;
  progress(label: string): Progress;
  close(): void;
}

/** The first interrupt asks the work to stop and free what it holds; the second ends the process. */
export function openSession(args: Args): Session {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const quiet = flag(args, 'quiet');
  const style = quiet ? 'none' : (text(args, 'progress') ?? 'auto');
  return {
    signal: controller.signal,
    note: message => {
      if (!quiet) process.stderr.write(`${message}\n`);
    },
    progress: label => progressOf(label, style, process.stderr),
    close: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
