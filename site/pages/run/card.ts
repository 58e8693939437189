import { element, make } from '../dom.ts';

/** What the card reads of a configuration. */
interface Described {
  readonly sde: { readonly name: string; readonly schedule?: unknown };
  readonly net: { readonly name?: string };
  readonly training?: { readonly steps: number; readonly batch: number };
  readonly objective?: { readonly name?: string };
  readonly data: { readonly source: string; readonly columns?: readonly string[] };
  readonly transform?: { readonly mixture?: { readonly weights: readonly number[] } };
}

/** A run of a table may be a mixture, which validation preferred to its network. */
const modelOf = ({ net, transform }: Described, numbers: number): string =>
  transform?.mixture
    ? `a mixture of ${transform.mixture.weights.length} Gaussians, ahead of the network`
    : `${net.name ?? 'published'}, ${numbers.toLocaleString('en')} numbers`;

/** The card of a run. */
export function showCard(
  config: Described,
  { numbers, shape }: { numbers: number; shape: readonly number[] },
): void {
  const schedule = (config.sde.schedule as { name?: string } | undefined)?.name ?? config.sde.schedule;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['data', config.data.source],
    ['rows of', (shape.length === 1 && config.data.columns?.join(', ')) || `[${shape.join(', ')}]`],
    ['SDE', [config.sde.name, typeof schedule === 'string' ? schedule : ''].filter(Boolean).join(', ')],
    ['model', modelOf(config, numbers)],
    ['objective', config.objective?.name],
    ['training', config.training && `${config.training.steps} steps of ${config.training.batch} rows`],
  ];
  element('card').replaceChildren(
    ...lines.flatMap(([name, text]) => (text ? [make('dt', name), make('dd', text)] : [])),
  );
}
