import { openBusy } from './busy.ts';
import { openWorker } from './calls.ts';
import { canWork, element, make, say } from './dom.ts';
import { drawWithPointer } from './play/line.ts';
import { openModes } from './play/modes.ts';
import { draw } from './play/picture.ts';
import { race } from './play/race.ts';
import { type Field, FRAMES, frame, input, shown } from './play/state.ts';
import { curve, viewOf } from './plots.ts';

const DENSITIES = 'moons eight-gaussians checkerboard pinwheel swiss-roll rings two-gaussians'.split(' ');
const SCHEDULES: Readonly<Record<string, readonly string[]>> = {
  vp: ['linear', 'cosine'],
  'sub-vp': ['linear', 'cosine'],
  ve: ['geometric', 'edm'],
  'rectified-flow': [],
};

const worker = openWorker();
const modes = openModes(worker);
const during = openBusy(['train', 'race', 'data', 'sde', 'schedule']);
const drawLoss = () => curve(element<HTMLCanvasElement>('loss'), shown.losses);

async function train(): Promise<void> {
  shown.losses = [];
  input('time').value = String(FRAMES - 1);
  document.querySelector<HTMLInputElement>('input[name="show"][value="samples"]')!.checked = true;
  const args = {
    ...{ data: shown.data, sde: input('sde').value, schedule: input('schedule').value },
    ...{ steps: Number(input('steps').value), view: shown.view },
  };
  await during({ text: 'Preparing …', end: 'Ready.' }, async () => {
    await worker.call('train', args, news => {
      if (typeof news.loss === 'number') {
        shown.losses.push([news.step as number, news.loss]);
        say('state', `Step ${news.step} of ${args.steps}, loss ${news.loss.toFixed(3)}`);
        return drawLoss();
      }
      shown.live = { points: news.points as Float64Array };
      shown.field = news as unknown as Field;
      draw();
    });
    say('state', 'Sampling …');
    await modes.refresh();
  });
}

/** The rows of the chosen density, and the view that fits them. */
async function choose(): Promise<void> {
  shown.data = input('data').value;
  shown.rows = await worker.call('rows', { data: shown.data, count: 3000 });
  shown.view = viewOf(shown.rows);
  const nothing = { path: undefined, live: undefined, field: undefined };
  Object.assign(shown, { ...nothing, density: undefined, given: undefined });
  draw();
}

function setSchedules(): void {
  const names = SCHEDULES[input('sde').value]!;
  element('schedule').replaceChildren(
    ...(names.length ? names : ['']).map(name => make('option', name || 'none', { value: name })),
  );
}

/** Runs the slider from its beginning to its end. */
function runTime(): void {
  const slider = input('time');
  if (frame() === FRAMES - 1) slider.value = '0';
  const next = () => {
    slider.value = String(frame() + 1);
    draw();
    if (frame() < FRAMES - 1) setTimeout(() => requestAnimationFrame(next), 55);
    else void modes.refreshField();
  };
  requestAnimationFrame(next);
}

/** The plane while the line moves. */
function drawMoved(): void {
  shown.given = undefined;
  draw();
}

async function newLine(): Promise<void> {
  drawMoved();
  if (shown.path) await during({ text: 'Sampling on the line …', end: 'Ready.' }, modes.show);
}

function listenToPlane(): void {
  element('arrows').addEventListener('change', draw);
  for (const id of ['angle', 'offset']) {
    element(id).addEventListener('input', () => {
      shown.line = { angle: Number(input('angle').value), offset: Number(input('offset').value) / 100 };
      drawMoved();
    });
    element(id).addEventListener('change', () => void newLine());
  }
  drawWithPointer(drawMoved, () => void newLine());
  for (const radio of document.querySelectorAll('input[name="show"]'))
    radio.addEventListener(
      'change',
      () => void (shown.path ? during({ text: 'Computing …', end: 'Ready.' }, modes.show) : modes.show()),
    );
  for (const radio of document.querySelectorAll('input[name="way"]')) radio.addEventListener('change', draw);
}

function listen(): void {
  element('train').addEventListener('click', () => void train());
  element('stop').addEventListener('click', () => worker.stop());
  element('race').addEventListener(
    'click',
    () => void during({ text: 'Comparing …', end: 'Ready.' }, () => race(worker)),
  );
  element('run-time').addEventListener('click', runTime);
  element('data').addEventListener('change', () => void choose().then(train));
  element('sde').addEventListener('change', setSchedules);
  for (const id of ['steps', 'evaluations'])
    element(id).addEventListener('input', () => (element(`${id}-value`).textContent = input(id).value));
  element('time').addEventListener('input', () => {
    draw();
    void modes.refreshField();
  });
  addEventListener('resize', () => {
    draw();
    drawLoss();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}

async function begin(): Promise<void> {
  element('data').replaceChildren(...DENSITIES.map(name => make('option', name, { value: name })));
  setSchedules();
  if (!canWork('state')) return;
  listen();
  listenToPlane();
  await during({ text: 'Opening a trained model …', end: 'Ready.' }, async () => {
    const bytes = fetch(new URL('moons.safetensors', document.baseURI)).then(reply => reply.arrayBuffer());
    await choose();
    const { losses } = await worker.call('bundled', { bytes: new Uint8Array(await bytes) });
    shown.losses = losses.map(({ step, loss }) => [step, loss]);
    drawLoss();
    shown.live = { points: await worker.call('quick', { count: 500 }) };
    draw();
    performance.mark('first samples');
    await modes.refresh();
  });
}

void begin();
