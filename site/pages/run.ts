import { isStop, openWorker } from './calls.ts';
import { canWork, dropZone, element, make, say } from './dom.ts';
import { openHole } from './hole.ts';
import { colour, curve, fresh, points, type View, viewOf } from './plots.ts';
import { drawTiles, type Levels, levelsFor } from './tiles.ts';
import type { RunFiles } from './work/runs.ts';

const worker = openWorker();
const FRAMES = 21;
const input = (id: string) => element<HTMLInputElement>(id);
const shown = {
  shape: [2] as readonly number[],
  columns: [] as readonly string[],
  frames: [] as readonly Float64Array[],
  times: [] as readonly number[],
  losses: [] as (readonly [number, number])[],
  levels: undefined as Levels | undefined,
};

const hole = openHole(worker, during);

async function during(text: string, work: () => Promise<void>): Promise<void> {
  input('film').disabled = true;
  input('stop').disabled = false;
  say('state', text);
  try {
    await work();
    say('state', '');
  } catch (fault) {
    if (isStop(fault)) say('state', 'Stopped.');
    else say('state', (fault as Error).message, true);
  } finally {
    input('film').disabled = false;
    input('stop').disabled = true;
  }
}

/** The files of a run among those that were dropped. @throws Error that says which are missing */
async function runFiles(files: readonly File[]): Promise<RunFiles> {
  const bytes = async (file: File) => new Uint8Array(await file.arrayBuffer());
  const config = files.find(({ name }) => name === 'config.json');
  const weights = files.find(({ name }) => name.endsWith('.safetensors') && !name.startsWith('state'));
  if (!weights)
    throw new Error('No model among these files: drop config.json and model.safetensors together.');
  return config
    ? { config: await bytes(config), weights: await bytes(weights) }
    : { file: await bytes(weights) };
}

async function open(find: () => Promise<RunFiles>): Promise<void> {
  await during('Opening …', async () => {
    const {
      shape,
      levels,
      columns = [],
      source,
      numbers,
      config,
      losses,
      validation,
    } = await worker.call('open', await find());
    Object.assign(shown, {
      shape,
      levels,
      columns,
      losses: losses.map(({ step, loss }) => [step, loss] as const),
    });
    element('work').hidden = false;
    element('title').textContent = source.split(/[\\/]/).at(-1)!;
    element('lead').hidden = true;
    showCard(JSON.parse(config), { numbers, shape });
    curve(element<HTMLCanvasElement>('loss'), shown.losses);
    element('loss-note').textContent = validation
      ? `Loss by step. Best on ${validation.rows} rows kept aside: ${validation.points.find(({ step }) => step === validation.best)?.nats.toFixed(3)} nats, at step ${validation.best}.`
      : losses.length > 0
        ? 'Loss by step.'
        : 'The curves are in state.json, or in the one file of a run.';
    await film();
  });
}

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

function showCard(
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

async function film(): Promise<void> {
  const isImage = shown.shape.length > 1;
  const { times, states } = await worker.call('film', { count: isImage ? 16 : 1500, frames: FRAMES });
  Object.assign(shown, { times, frames: states });
  input('time').max = String(states.length - 1);
  element('picture-note').textContent = isImage
    ? 'Each square is a sample, on its way from noise.'
    : shown.shape[0] === 2
      ? '1500 samples on their way from noise.'
      : `1500 samples: ${columnName(0)} to the right, ${columnName(1)} upwards.`;
  for (let i = 0; i < states.length; i++) {
    input('time').value = String(i);
    draw();
    await new Promise(done =>
      setTimeout(done, matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 60),
    );
  }
  const values = states.at(-1)!;
  if (isImage) hole.open({ values, shape: shown.shape, levels: levelsFor(shown.levels, values) });
}

const columnName = (c: number): string => shown.columns[c] ?? `x${c + 1}`;

function draw(): void {
  const at = Number(input('time').value);
  const state = shown.frames[at];
  if (!state) return;
  element('time-value').textContent = `t = ${shown.times[at]!.toFixed(2)}`;
  const canvas = element<HTMLCanvasElement>('picture');
  canvas.style.aspectRatio = shown.shape.length > 1 ? '1' : '16 / 9';
  canvas.style.maxWidth = shown.shape.length > 1 ? '34rem' : '';
  const context = fresh(canvas);
  if (shown.shape.length > 1) {
    const levels = levelsFor(shown.levels, shown.frames.at(-1)!);
    drawTiles(context, canvas, state, { shape: shown.shape, levels, columns: 4 });
    return;
  }
  const pairs = firstTwo(state, shown.shape[0]!);
  points(context, canvas, wide(viewOf(firstTwo(shown.frames.at(-1)!, shown.shape[0]!))), pairs, {
    ...{ fill: colour('accent'), size: 1.8, alpha: 0.6 },
  });
}

/** A view of 16 to 9 around a square one. */
const wide = ({ x, y }: View): View => {
  const [middle, half] = [(x[0] + x[1]) / 2, ((x[1] - x[0]) / 2) * (16 / 9)];
  return { x: [middle - half, middle + half], y };
};

const firstTwo = (rows: Float64Array, width: number): Float64Array =>
  Float64Array.from({ length: (2 * rows.length) / width }, (_, i) =>
    i % 2 && width === 1 ? 0 : rows[Math.floor(i / 2) * width + (i % 2)]!,
  );

/** The run that the server of the page shows, if there is one. */
async function served(): Promise<void> {
  const name = new URLSearchParams(location.search).get('run');
  if (!name) return;
  element('drop').hidden = true;
  await open(async () => {
    const reply = await fetch(new URL(name, document.baseURI));
    if (!reply.ok) throw new Error(`The run is not there: ${name}`);
    return { file: new Uint8Array(await reply.arrayBuffer()) };
  });
}

function listen(): void {
  dropZone('drop', files => void open(() => runFiles(files)));
  element('film').addEventListener('click', () => void during('Sampling …', film));
  element('stop').addEventListener('click', () => worker.stop());
  element('time').addEventListener('input', draw);
  addEventListener('resize', () => {
    draw();
    hole.draw();
    curve(element<HTMLCanvasElement>('loss'), shown.losses);
  });
}

if (canWork('state')) {
  listen();
  void served();
}
