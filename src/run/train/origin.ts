import { resolve } from '../../files/paths.ts';
import type { Named } from '../../registry/named.ts';
import type { NetSpec } from '../../registry/nets.ts';
import { makeSde, type SdeSpec } from '../../registry/sdes.ts';
import type { Sde } from '../../sde/index.ts';
import type { PlainParams } from '../../tensor/index.ts';
import { requireTrained } from '../folder/config.ts';
import { openRun, type Run } from '../run.ts';

/** What a new run takes from the run it starts from. */
export interface Origin {
  readonly name: string;
  readonly sde: Sde;
  /** The network as it was requested; its classes are those of the new data. */
  readonly net: NetSpec;
  readonly params: PlainParams;
}

/**
 * Reads the run that a new run starts from.
 * @throws failure for a folder that is not a run; usage for a run with published weights, whose network
 * cannot be trained
 */
export async function originOf(from: string | Run, sde: SdeSpec | undefined): Promise<Origin> {
  const given = sde === undefined ? {} : { sde: await makeSde(sde) };
  const run = typeof from === 'string' ? await openRun(from, given) : from;
  const name = typeof from === 'string' ? resolve(from) : run.config.data.source;
  const { classes: _classes, ...net } = requireTrained(run.config, name).net as Named;
  return { name, sde: run.sde, net: net as NetSpec, params: run.params };
}
