import type { Report } from '../../run/folder/report.ts';
import type { Run } from '../../run/run.ts';
import { componentsOf } from '../../run/shape.ts';

/** A report in words, a line each: what training prints at its end. */
export function reportLines(report: Report, { config }: Pick<Run, 'config'>): string[] {
  const { heldOut, training, gaussian, mixture, memorisation, remarks } = report;
  const others = [
    `a Gaussian ${nats(gaussian.nats)}`,
    ...(mixture ? [`a plain mixture of ${mixture.components} ${nats(mixture.nats)}`] : []),
    `training rows ${nats(training.nats)}`,
  ];
  const kept = componentsOf(config);
  const subject = kept > 1 ? ` by the mixture of ${kept} that is kept` : '';
  const error = heldOut.standardError === null ? '' : ` ± ${heldOut.standardError.toPrecision(1)}`;
  return [
    `${heldOut.rows} ${heldOut.part} row${heldOut.rows === 1 ? '' : 's'}: ${nats(heldOut.nats)}${error} nats a row${subject}; ${others.join(', ')}`,
    ...sampleLines(report),
    ...(memorisation
      ? [
          `${Math.round(100 * memorisation.share)} % of samples are nearer to a training row than fresh rows are (right: 50 %)`,
        ]
      : []),
    ...remarks.map(remark => `Warning: ${remark}`),
  ];
}

/** How far margins and correlations of samples are from those of the data. */
function sampleLines({ margins, correlations, heldOut }: Report): string[] {
  const parts = [
    ...(margins
      ? [
          `margins off by at most ${size(margins.error)} ("${margins.column}", by chance ${size(margins.chance)})`,
        ]
      : []),
    ...(correlations && heldOut.rows >= LEAST_ROWS
      ? [`correlations by ${size(correlations.error)} (by chance ${size(correlations.chance)})`]
      : []),
  ];
  return parts.length === 0 ? [] : [`samples: ${parts.join(', ')}`];
}

/** Fewest held-out rows whose correlations say something. */
const LEAST_ROWS = 8;

const nats = (value: number) =>
  Math.abs(value) < 1e6 ? value.toFixed(Math.abs(value) < 100 ? 2 : 1) : value.toPrecision(4);
const size = (value: number) => value.toPrecision(2);

/** Which weights a run uses, where validation chose them. */
export function choiceOf({ validation, config }: Pick<Run, 'validation' | 'config'>): string {
  if (!validation) return '';
  const components = componentsOf(config);
  if (components > 1)
    return `; a mixture of ${components} Gaussians is kept: it validates better than the network`;
  const why = validation.stopped ? 'validation no longer improved' : 'they validate best';
  if (validation.best === 0)
    return '; the start, a Gaussian of scaled columns, is kept: no step was better by more than its error';
  return `; the weights of step ${validation.best} are kept: ${why}`;
}
