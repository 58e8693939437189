import { openBusy } from './busy.ts';
import { openWorker } from './calls.ts';
import { canWork, dropZone, element } from './dom.ts';
import { openHole } from './hole.ts';
import { curve } from './plots.ts';
import { showCard } from './run/card.ts';
import { runFiles } from './run/files.ts';
import { columnName, draw, input, shown } from './run/picture.ts';
import { levelsFor } from './tiles.ts';
import type { RunFiles } from './work/runs.ts';

const worker = openWorker();
const FRAMES = 21;
const during = openBusy(['film']);
const hole = openHole(worker, during);

async function open(find: () => Promise<RunFiles>): Promise<void> {
  await during({ text: 'Opening …' }, async () => {
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
  element('film').addEventListener('click', () => void during({ text: 'Sampling …' }, film));
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
