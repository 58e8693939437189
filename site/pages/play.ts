import { isStop, openWorker } from './calls.ts';
import { canWork, element, make, say } from './dom.ts';
import { arrows, colour, curve, fresh, heat, points, scales, type View, viewOf } from './plots.ts';

const DENSITIES = [
  'moons',
  'eight-gaussians',
  'checkerboard',
  'pinwheel',
  'swiss-roll',
  'rings',
  'two-gaussians',
];
const SCHEDULES: Readonly<Record<string, readonly string[]>> = {
  vp: ['linear', 'cosine'],
  'sub-vp': ['linear', 'cosine'],
  ve: ['geometric', 'edm'],
  'rectified-flow': [],
};
/** Solvers of the comparison, with their evaluations a step. */
const SOLVERS = [
  { name: 'euler-maruyama', perStep: 1 },
  { name: 'euler', perStep: 1 },
  { name: 'heun', perStep: 2 },
  { name: 'unipc', perStep: 1 },
] as const;
const FRAMES = 41;
const DENSITY = 60;
const SHOWN = 1200;

type Field = { readonly places: Float64Array; readonly directions: Float64Array };
type Path = {
  readonly times: readonly number[];
  readonly reverse: Float32Array[];
  readonly forward: Float32Array[];
};

/** All that the page shows. */
const shown = {
  data: 'moons',
  view: { x: [-2.4, 2.4], y: [-2.4, 2.4] } as View,
  rows: new Float64Array(0) as Float64Array,
  path: undefined as Path | undefined,
  live: undefined as { points: ArrayLike<number> } | undefined,
  field: undefined as Field | undefined,
  density: undefined as Float64Array | undefined,
  given: undefined as { readonly points: ArrayLike<number> } | undefined,
  line: { angle: 30, offset: 0.1 },
  losses: [] as [number, number][],
  busy: false,
};

const worker = openWorker();
const plane = element<HTMLCanvasElement>('plane');
const input = (id: string) => element<HTMLInputElement>(id);
const chosen = (name: string) =>
  document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)!.value;
const frame = () => Number(input('time').value);

/** Draws the plane as it is now. */
function draw(): void {
  const context = fresh(plane);
  const { view, path, live, field, density, given } = shown;
  const show = chosen('show');
  if (show === 'density' && density) heat(context, plane, density, DENSITY);
  else {
    const still = show === 'given' || live || frame() === FRAMES - 1;
    if (still)
      points(context, plane, view, shown.rows, {
        fill: colour('soft'),
        alpha: show === 'given' ? 0.25 : 0.16,
      });
    if (show === 'given') drawLine(context);
    const way = chosen('way') === 'forward' ? path?.forward : path?.reverse;
    const rows = show === 'given' ? given?.points : (live?.points ?? way?.[frame()]);
    if (input('arrows').checked && field && show === 'samples') arrows(context, plane, view, field);
    if (rows)
      points(context, plane, view, rows, {
        fill: colour(show === 'given' ? 'warm' : 'ink'),
        size: 1.7,
        alpha: 0.7,
      });
  }
  if (path) input('time').setAttribute('aria-valuetext', `t = ${path.times[frame()]!.toFixed(2)}`);
  element('time-value').textContent = path ? `t = ${path.times[frame()]!.toFixed(2)}` : '';
}

/** The line cos(a)·x + sin(a)·y = c through the view, in data units. */
function lineOf() {
  const { view, line } = shown;
  const angle = (line.angle * Math.PI) / 180;
  const [normalX, normalY] = [-Math.sin(angle), Math.cos(angle)];
  const half = (view.x[1] - view.x[0]) / 2;
  const middle = [(view.x[0] + view.x[1]) / 2, (view.y[0] + view.y[1]) / 2] as const;
  const along = normalX * middle[0] + normalY * middle[1];
  return { angle, normalX, normalY, half, middle, value: along + line.offset * half };
}

function drawLine(context: CanvasRenderingContext2D): void {
  const { angle, normalX, normalY, half, middle } = lineOf();
  const at = scales(plane, shown.view);
  const [x, y] = [
    middle[0] + normalX * shown.line.offset * half,
    middle[1] + normalY * shown.line.offset * half,
  ];
  context.strokeStyle = colour('warm');
  context.lineWidth = 1.5;
  context.beginPath();
  for (const way of [-3, 3])
    context.lineTo(at.x(x + way * half * Math.cos(angle)), at.y(y + way * half * Math.sin(angle)));
  context.stroke();
}

/** Runs work of the worker, with the buttons as they must be meanwhile. */
async function during<T>(text: string, work: () => Promise<T>): Promise<T | undefined> {
  if (shown.busy) return undefined;
  shown.busy = true;
  setBusy(true);
  say('state', text);
  try {
    const value = await work();
    say('state', 'Ready.');
    return value;
  } catch (fault) {
    if (isStop(fault)) say('state', 'Stopped.');
    else say('state', (fault as Error).message, true);
    return undefined;
  } finally {
    shown.busy = false;
    setBusy(false);
  }
}

function setBusy(busy: boolean): void {
  for (const id of ['train', 'race', 'data', 'sde', 'schedule']) input(id).disabled = busy;
  input('stop').disabled = !busy;
}

/** The samples of the present model on their way, and what belongs to them. */
async function refresh(): Promise<void> {
  shown.path = await worker.call('path', { count: SHOWN, frames: FRAMES, data: shown.data });
  Object.assign(shown, { live: undefined, density: undefined, given: undefined });
  await showMode();
}

/** Fetches what the chosen picture needs, if it is not there yet. */
async function showMode(): Promise<void> {
  const show = chosen('show');
  element('time-row').hidden = element('direction').hidden = show !== 'samples';
  element('given-row').hidden = show !== 'given';
  plane.classList.toggle('draws', show === 'given');
  element('plane-note').textContent = {
    samples: `${SHOWN} samples; behind them rows of the data.`,
    density: 'The density that the model has learned, from its exact likelihood.',
    given: 'Samples of the density on the line, in orange.',
  }[show]!;
  if (show === 'density') shown.density ??= await worker.call('density', { view: shown.view, n: DENSITY });
  if (show === 'given') shown.given ??= await givenSamples();
  if (show === 'samples') await refreshField();
  draw();
}

const fieldState = { wanted: false, running: false };

/** The score field at the time of the slider; while one is computed, only the last wish counts. */
async function refreshField(): Promise<void> {
  fieldState.wanted = true;
  if (fieldState.running || !shown.path) return;
  fieldState.running = true;
  while (fieldState.wanted) {
    fieldState.wanted = false;
    const t = Math.max(shown.path.times[frame()]!, 0.02);
    shown.field = await worker.call('field', { view: shown.view, t, n: 18 });
    draw();
  }
  fieldState.running = false;
}

async function givenSamples() {
  const { normalX, normalY, value } = lineOf();
  const text = `${normalX.toFixed(4)}*x1 + ${normalY.toFixed(4)}*x2 = ${value.toFixed(4)} ± ${(0.01 * lineOf().half).toFixed(4)}`;
  return { points: await worker.call('given', { given: text, count: 300 }) };
}

async function train(): Promise<void> {
  const { view } = shown;
  shown.losses = [];
  input('time').value = String(FRAMES - 1);
  document.querySelector<HTMLInputElement>('input[name="show"][value="samples"]')!.checked = true;
  const args = {
    ...{ data: shown.data, sde: input('sde').value, schedule: input('schedule').value },
    ...{ steps: Number(input('steps').value), view },
  };
  await during('Preparing …', async () => {
    await worker.call('train', args, news => {
      if (typeof news.loss === 'number') {
        shown.losses.push([news.step as number, news.loss]);
        say('state', `Step ${news.step} of ${args.steps}, loss ${news.loss.toFixed(3)}`);
        curve(element<HTMLCanvasElement>('loss'), shown.losses);
      } else {
        shown.live = { points: news.points as Float64Array };
        shown.field = news as unknown as Field;
        draw();
      }
    });
    say('state', 'Sampling …');
    await refresh();
  });
}

async function race(): Promise<void> {
  const panels = element('solvers');
  panels.replaceChildren();
  const evaluations = Number(input('evaluations').value);
  await during('Comparing …', async () => {
    for (const { name, perStep } of SOLVERS) {
      const result = await worker.call('solver', { name, perStep, evaluations, data: shown.data });
      const figure = make('figure');
      const canvas = make('canvas', '', { class: 'square', role: 'img', 'aria-label': `Samples of ${name}` });
      const caption = make('figcaption', name);
      caption.append(make('span', `${result.distance.toFixed(3)} · ${result.evaluations} ev.`));
      figure.append(canvas, caption);
      panels.append(figure);
      points(fresh(canvas), canvas, shown.view, result.points, { size: 1.2 });
    }
  });
}

/** The rows of the chosen density, and the view that fits them. */
async function choose(): Promise<void> {
  shown.data = input('data').value;
  shown.rows = await worker.call('rows', { data: shown.data, count: 3000 });
  shown.view = viewOf(shown.rows);
  Object.assign(shown, {
    path: undefined,
    live: undefined,
    field: undefined,
    density: undefined,
    given: undefined,
  });
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
    else void refreshField();
  };
  requestAnimationFrame(next);
}

/** A line drawn with a pointer, from where it went down to where it is. */
function drawWithPointer(): void {
  const start = { x: 0, y: 0, down: false };
  const place = (event: PointerEvent) => {
    const { left, top } = plane.getBoundingClientRect();
    const at = scales(plane, shown.view);
    return [at.valueX(event.clientX - left), at.valueY(event.clientY - top)] as const;
  };
  plane.addEventListener('pointerdown', event => {
    if (chosen('show') !== 'given') return;
    plane.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    Object.assign(start, { x, y, down: true });
  });
  plane.addEventListener('pointermove', event => {
    if (!start.down) return;
    const [x, y] = place(event);
    if (Math.hypot(x - start.x, y - start.y) < 0.02 * (shown.view.x[1] - shown.view.x[0])) return;
    const angle = (Math.atan2(y - start.y, x - start.x) * 180) / Math.PI;
    shown.line.angle = ((angle % 180) + 180) % 180;
    shown.line.offset = 0;
    const { normalX, normalY, value, half } = lineOf();
    shown.line.offset = (normalX * x + normalY * y - value) / half;
    shown.given = undefined;
    input('angle').value = String(shown.line.angle);
    input('offset').value = String(100 * shown.line.offset);
    draw();
  });
  plane.addEventListener('pointerup', () => {
    if (start.down) void newLine();
    start.down = false;
  });
}

async function newLine(): Promise<void> {
  shown.given = undefined;
  draw();
  if (shown.path) await during('Sampling on the line …', showMode);
}

function listen(): void {
  element('train').addEventListener('click', () => void train());
  element('stop').addEventListener('click', () => worker.stop());
  element('race').addEventListener('click', () => void race());
  element('run-time').addEventListener('click', runTime);
  element('data').addEventListener('change', () => void choose().then(train));
  element('sde').addEventListener('change', setSchedules);
  for (const id of ['steps', 'evaluations'])
    element(id).addEventListener('input', () => (element(`${id}-value`).textContent = input(id).value));
  element('time').addEventListener('input', () => {
    draw();
    void refreshField();
  });
  element('arrows').addEventListener('change', draw);
  for (const id of ['angle', 'offset']) {
    element(id).addEventListener('input', () => {
      shown.line = { angle: Number(input('angle').value), offset: Number(input('offset').value) / 100 };
      shown.given = undefined;
      draw();
    });
    element(id).addEventListener('change', () => void newLine());
  }
  for (const radio of document.querySelectorAll('input[name="show"]'))
    radio.addEventListener('change', () => void (shown.path ? during('Computing …', showMode) : showMode()));
  for (const radio of document.querySelectorAll('input[name="way"]')) radio.addEventListener('change', draw);
  addEventListener('resize', () => {
    draw();
    curve(element<HTMLCanvasElement>('loss'), shown.losses);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}

async function begin(): Promise<void> {
  element('data').replaceChildren(...DENSITIES.map(name => make('option', name, { value: name })));
  setSchedules();
  if (!canWork('state')) return;
  listen();
  drawWithPointer();
  await during('Opening a trained model …', async () => {
    const bytes = fetch(new URL('moons.safetensors', document.baseURI)).then(reply => reply.arrayBuffer());
    await choose();
    const { losses } = await worker.call('bundled', { bytes: new Uint8Array(await bytes) });
    shown.losses = losses.map(({ step, loss }) => [step, loss]);
    curve(element<HTMLCanvasElement>('loss'), shown.losses);
    shown.live = { points: await worker.call('quick', { count: 500 }) };
    draw();
    performance.mark('first samples');
    await refresh();
  });
}

void begin();
