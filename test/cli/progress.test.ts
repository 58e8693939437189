import { expect, test } from 'vitest';
import { progressOf } from '../../src/cli/terminal/progress.ts';

/** The lines for reports at these seconds after the start. */
function lines(reports: readonly { at: number; step: number }[], steps: number, mayStop = false): string[] {
  const clock = { ms: 0 };
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 };
  const progress = progressOf('training', 'auto', stream as never, () => clock.ms);
  for (const { at, step } of reports) {
    clock.ms = at * 1000;
    progress.update({ fraction: step / steps, step, steps, mayStop });
  }
  return written.map(line => line.trim());
}

test('the rate is that between reports: a slow start and earlier work do not count', () => {
  const fresh = [30, 35, 45].map((at, i) => ({ at, step: [100, 200, 400][i]! }));
  expect(lines(fresh, 1000)).toEqual([
    'training 10 %, step 100 of 1000',
    'training 20 %, step 200 of 1000, 20.0 a second, 0:40 left',
    'training 40 %, step 400 of 1000, 20.0 a second, 0:30 left',
  ]);
  const resumed = [10, 20].map((at, i) => ({ at, step: [900, 950][i]! }));
  expect(lines(resumed, 1000).at(-1)).toBe('training 95 %, step 950 of 1000, 5.00 a second, 0:10 left');
});

test('the time of work that may stop sooner is an upper bound', () => {
  const reports = [30, 35].map((at, i) => ({ at, step: [100, 200][i]! }));
  expect(lines(reports, 1000, true).at(-1)).toContain(', at most 0:40 left');
});
