import { isStop } from './calls.ts';
import { element, say } from './dom.ts';

/** What a page shows while its worker works. */
export interface BusyText {
  /** Said at the beginning. */
  readonly text: string;
  /** Said at the end; default nothing. */
  readonly end?: string;
}

/**
 * Runs work of the worker, one at a time: the state says what goes on and how it ended, `disabled` are the
 * controls that wait, and the button `stop` is there meanwhile. Undefined if it failed, was stopped, or if
 * other work runs.
 */
export function openBusy(disabled: readonly string[]) {
  let busy = false;
  const set = (value: boolean) => {
    busy = value;
    for (const id of disabled) element<HTMLInputElement>(id).disabled = value;
    element<HTMLInputElement>('stop').disabled = !value;
  };
  return async <T>({ text, end = '' }: BusyText, work: () => Promise<T>): Promise<T | undefined> => {
    if (busy) return undefined;
    set(true);
    say('state', text);
    try {
      const value = await work();
      say('state', end);
      return value;
    } catch (fault) {
      if (isStop(fault)) say('state', 'Stopped.');
      else say('state', (fault as Error).message, true);
      return undefined;
    } finally {
      set(false);
    }
  };
}
