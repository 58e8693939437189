import type { SampleOptions } from '../../../solve/sample.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import { modelOf } from '../labels.ts';
import type { UseOptions } from '../options.ts';
import { requireWithinReach } from '../units.ts';
import { answer } from './answer.ts';
import { isMixture } from './asked-laws.ts';
import { closedCertificate, ownCertificate } from './certificate.ts';
import { closedFormOf } from './closed.ts';
import { farCells } from './far-cells.ts';
import { refuseIgnored } from './heed.ts';
import { answersItself, knownCells, sampleKnown } from './network.ts';
import { observationOf, unitsOf } from './observed.ts';
import type { Certificate, GivenOptions } from './options.ts';
import { partsForPercent } from './percent.ts';
import { toAnswer } from './project.ts';
import { partsOf, wayOf } from './question.ts';

/** The options of a question and of the samples that answer it. */
type AskOptions = Omit<UseOptions, 'grid'> &
  GivenOptions &
  Required<Pick<GivenOptions, 'given'>> & { readonly count: number; readonly first?: number };

/** Samples in data units, [count, ...D], of p(x | what is given), and how far they are to be trusted. */
export async function answered(
  run: Run,
  options: AskOptions,
  solving: SampleOptions,
  rounded: boolean,
): Promise<{ data: Float64Array; evaluations: number; certificate: Certificate }> {
  const { config } = run;
  const parts = await partsOf(config, options.given);
  const observation = observationOf(config, parts, options);
  const known = knownCells(parts, sizeOf(config.data.shape));
  const doubts = partsForPercent(config, parts);
  const told = (certificate: Certificate) => ({
    ...certificate,
    warnings: [...doubts, ...certificate.warnings],
    ...(certificate.logEvidence !== null && unitsOf(config, parts)),
  });
  const closed = closedFormOf(modelOf(run, options), observation, options);
  if (closed) {
    const data = toAnswer(config, closed.draw(solving), parts, rounded);
    const certificate = closedCertificate(closed.evidence(), known && farCells(config, known));
    return { data, evaluations: 0, certificate: told(certificate) };
  }
  if (known && options.method === undefined && answersItself(run)) {
    const { z, data, evaluations } = await sampleKnown(config, known, solving);
    requireWithinReach(z);
    const certificate = ownCertificate(farCells(config, known), isMixture(solving.model));
    return { data, evaluations, certificate: told(certificate) };
  }
  const way = wayOf(options, observation);
  refuseIgnored(way, options);
  const { data, evaluations, certificate } = await answer(
    observation,
    way,
    way.kind === 'smc' ? ownSteps(solving, options) : solving,
  );
  requireWithinReach(data);
  return { data: toAnswer(config, data, parts, rounded), evaluations, certificate: told(certificate) };
}

/** Particles step by themselves: the solver’s usual number of steps is not theirs. */
function ownSteps({ steps: _usual, ...solving }: SampleOptions, { steps }: AskOptions): SampleOptions {
  return { ...solving, ...(steps !== undefined && { steps }) };
}
