import type { Report } from '../../run/folder/report.ts';
import type { Run } from '../../run/run.ts';

/** A report in words, a line each: what training prints at its end. */
export function reportLines(report: Report): string[] {
  const { heldOut, training, gaussian, mixture, memorisation, margins, correlations, remarks } = report;
  const others = [
    `a Gaussian ${nats(gaussian.nats)}`,
    ...(mixture ? [`a mixture of ${mixture.components} ${nats(mixture.nats)}`] : []),
    `training rows ${nats(training.nats)}`,
  ];
  const error = heldOut.standardError === null ? '' : ` ± ${heldOut.standardError.toPrecision(1)}`;
  return [
    `${heldOut.rows} ${heldOut.part} rows: ${nats(heldOut.nats)}${error} nats a row; ${others.join(', ')}`,
    ...(margins && correlations
      ? [
          `samples: margins off by at most ${size(margins.error)} std ("${margins.column}", by chance ` +
            `${size(margins.chance)}), correlations by ${size(correlations.error)} (by chance ${size(correlations.chance)})`,
        ]
      : []),
    ...(memorisation
      ? [
          `${Math.round(100 * memorisation.share)} % of samples are nearer to a training row than fresh rows are (right: 50 %)`,
        ]
      : []),
    ...remarks.map(remark => `Warning: ${remark}`),
  ];
}

const nats = (value: number) => value.toFixed(Math.abs(value) < 100 ? 2 : 1);
const size = (value: number) => value.toPrecision(2);

/** Which weights a run uses, where validation chose them. */
export function choiceOf({ validation }: Pick<Run, 'validation'>): string {
  if (!validation) return '';
  const why = validation.stopped ? 'validation no longer improved' : 'they validate best';
  if (validation.best === 0) return '; the start, a Gaussian, is kept: no step was better';
  return `; the weights of step ${validation.best} are kept: ${why}`;
}
