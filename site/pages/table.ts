import { isStop, openWorker } from './calls.ts';
import { canWork, download, dropZone, element, make, say } from './dom.ts';
import { colour, curve, fresh, histograms, points, type View } from './plots.ts';
import { shares } from './shares.ts';
import type { ColumnCard } from './work/tables.ts';

const worker = openWorker();
const input = (id: string) => element<HTMLInputElement>(id);

/** All that the page shows. */
const shown = {
  file: 'table',
  columns: [] as readonly ColumnCard[],
  values: new Float64Array(0) as Float64Array,
  rows: new Float64Array(0) as Float64Array,
  text: '',
  filled: '',
  busy: false,
};

/** Runs work of the worker, with the buttons as they must be meanwhile. */
async function during<T>(text: string, work: () => Promise<T>, end = ''): Promise<T | undefined> {
  if (shown.busy) return undefined;
  shown.busy = true;
  setBusy(true);
  say('state', text);
  try {
    const value = await work();
    say('state', end);
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
  for (const id of ['learn', 'fresh', 'strange', 'fill']) input(id).disabled = busy;
  input('stop').disabled = !busy;
}

/** A table of words; `marked` says which cells stand out. */
function fillTable(
  id: string,
  names: readonly string[],
  lines: readonly (readonly string[])[],
  marked: (row: number, column: number) => boolean = () => false,
): void {
  const head = make('tr');
  head.append(...names.map(name => make('th', name, { scope: 'col' })));
  const body = lines.map((line, row) => {
    const tr = make('tr');
    tr.append(
      ...line.map((text, column) => {
        const td = make('td', marked(row, column) ? '' : text);
        if (marked(row, column)) td.append(make('mark', text));
        return td;
      }),
    );
    return tr;
  });
  element(id).replaceChildren(head, ...body);
}

async function take(file: File): Promise<void> {
  const read = await during(
    `Reading ${file.name} …`,
    () => worker.call('read', { file }),
    'Read. Now train.',
  );
  if (!read) return;
  const { columns, count, notes, missing, head, values } = read;
  Object.assign(shown, { file: file.name.replace(/\..*$/, ''), columns, values });
  element('work').hidden = false;
  for (const id of ['results', 'questions']) element(id).hidden = true;
  element('name').textContent = file.name;
  const cells = missing > 0 ? `, ${missing.toLocaleString('en')} cells empty` : '';
  element('summary').textContent =
    `${count.toLocaleString('en')} rows, ${columns.length} columns to learn${cells}. ` +
    columns.map(({ name, kind }) => `${name}: ${kind}`).join(' · ');
  const [names, ...lines] = head;
  fillTable('head', names!, lines);
  element('notes').replaceChildren(...notes.map(note => make('li', note)));
  input('fill').hidden = missing === 0;
  curve(element<HTMLCanvasElement>('curve'), []);
}

async function learn(): Promise<void> {
  const steps = Number(input('steps').value);
  const losses: [number, number][] = [];
  const done = await during(
    'Preparing …',
    () =>
      worker.call('learn', { steps }, news => {
        losses.push([news.step as number, news.loss as number]);
        const nats = typeof news.nats === 'number' ? `, ${news.nats.toFixed(2)} nats on rows kept aside` : '';
        say('state', `Step ${news.step} of at most ${steps}${nats}`);
        curve(element<HTMLCanvasElement>('curve'), losses);
      }),
    'Trained.',
  );
  if (!done) return;
  for (const id of ['results', 'questions']) element(id).hidden = false;
  fillSelects();
  await drawFresh();
}

function fillSelects(): void {
  const isNumber = ({ names, kind }: ColumnCard) => !names && kind !== 'yes-no';
  const places = [...shown.columns.keys()];
  // Two columns of numbers are the best pair to begin with.
  const first = [true, false].flatMap(wanted => places.filter(c => isNumber(shown.columns[c]!) === wanted));
  for (const [i, id] of ['pair-x', 'pair-y'].entries()) {
    const options = shown.columns.map(({ name }, c) => make('option', name, { value: String(c) }));
    element(id).replaceChildren(...options);
    input(id).value = String(first[i] ?? first[0]);
  }
}

async function drawFresh(): Promise<void> {
  const count = Math.max(1, Number(input('count').value));
  const made = await during(
    'Drawing rows …',
    () => worker.call('fresh', { count, seed: Date.now() % 2 ** 31 }),
    'Done.',
  );
  if (!made) return;
  Object.assign(shown, { rows: made.values, text: made.text });
  drawMargins();
  drawPair();
}

const columnOf = (values: Float64Array, c: number): number[] => {
  const width = shown.columns.length;
  return Array.from({ length: values.length / width }, (_, i) => values[i * width + c]!);
};

function drawMargins(): void {
  const figures = shown.columns.map((card, c) => {
    const figure = make('figure');
    const canvas = make('canvas', '', { class: 'wide', role: 'img', 'aria-label': `Values of ${card.name}` });
    const { data, model, range } = shares(columnOf(shown.values, c), columnOf(shown.rows, c), card);
    const caption = make('figcaption', card.name);
    caption.append(make('span', range));
    figure.append(canvas, caption);
    return { figure, draw: () => histograms(canvas, data, model, data) };
  });
  element('margins').replaceChildren(...figures.map(({ figure }) => figure));
  for (const { draw } of figures) draw();
}

/** Two columns against each other; categories with a little spread, so that points do not hide each other. */
function drawPair(): void {
  const places = ['pair-x', 'pair-y'].map(id => Number(input(id).value));
  const spread = places.map(c => (shown.columns[c]?.names || shown.columns[c]?.kind === 'yes-no' ? 0.5 : 0));
  const side = (values: Float64Array, i: number) =>
    columnOf(values, places[i]!).map((value, row) => value + spread[i]! * (((row * 0.618) % 1) - 0.5));
  const span = (i: number): readonly [number, number] => {
    const sorted = [...side(shown.values, i)].filter(Number.isFinite).sort((a, b) => a - b);
    const [low, high] = [
      sorted[Math.floor(sorted.length * 0.01)] ?? 0,
      sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 1,
    ];
    const room = 0.12 * (high - low) || 0.5;
    return [low - room, high + room];
  };
  const view: View = { x: span(0), y: span(1) };
  for (const [id, values, fill] of [
    ['pair-data', shown.values, 'soft'],
    ['pair-model', shown.rows, 'accent'],
  ] as const) {
    const canvas = element<HTMLCanvasElement>(id);
    const [x, y] = [side(values, 0), side(values, 1)];
    const rows = x.flatMap((value, i) => [value, y[i]!]).slice(0, 6000);
    points(fresh(canvas), canvas, view, rows, { fill: colour(fill), size: 1.7, alpha: 0.6 });
  }
}

async function findStrange(): Promise<void> {
  const found = await during('Scoring rows …', () => worker.call('strange', { most: 8 }), 'Done.');
  if (!found) return;
  const { rows, cells, names, mean, scored } = found;
  element('answer-note').textContent =
    `The least likely of ${scored.toLocaleString('en')} rows, by log-likelihood; the mean is ${mean.toFixed(2)} nats.`;
  fillTable(
    'answer',
    ['row', 'nats', ...names],
    cells.map((line, i) => [String(rows[i]!.row + 1), rows[i]!.score.toFixed(2), ...line]),
    (_, column) => column === 1,
  );
}

async function fillCells(): Promise<void> {
  const done = await during('Filling cells …', () => worker.call('filled', {}), 'Done.');
  if (!done) return;
  shown.filled = done.text;
  const [names, ...after] = done.cells;
  const before = done.before.slice(1);
  element('answer-note').textContent =
    `${done.missing.toLocaleString('en')} empty cells filled, each by the median of 10 draws; the first rows:`;
  fillTable(
    'answer',
    ['row', ...names!],
    after.map((line, i) => [String(done.rows[i]! + 1), ...line]),
    (row, column) => column > 0 && before[row]![column - 1] !== after[row]![column - 1],
  );
  input('save-filled').hidden = false;
}

/** Rows of trees, some without a height: something to try the page with. */
function exampleFile(): File {
  const random = (i: number) => (Math.sin(i * 12.9898) * 43758.5453) % 1;
  const lines = Array.from({ length: 600 }, (_, i) => {
    const [a, b, c] = [1, 2, 3].map(k => Math.abs(random(7 * i + k))) as [number, number, number];
    const kind = a < 0.45 ? 'oak' : a < 0.8 ? 'birch' : 'elm';
    const girth = { oak: 180, birch: 80, elm: 140 }[kind] * (0.5 + b);
    const height = 4 + 1.6 * Math.sqrt(girth) + 2.5 * (c - 0.5) + (kind === 'birch' ? 5 : 0);
    const age = Math.round(girth * { oak: 0.9, birch: 0.6, elm: 0.7 }[kind] + 12 * (c - 0.5));
    return [kind, girth.toFixed(0), i % 9 === 4 ? '' : height.toFixed(1), age].join(',');
  });
  return new File([['tree,girth,height,age', ...lines].join('\n')], 'trees.csv');
}

function listen(): void {
  dropZone('drop', files => files[0] && void take(files[0]));
  element('example').addEventListener('click', () => void take(exampleFile()));
  element('learn').addEventListener('click', () => void learn());
  element('stop').addEventListener('click', () => worker.stop());
  element('fresh').addEventListener('click', () => void drawFresh());
  element('strange').addEventListener('click', () => void findStrange());
  element('fill').addEventListener('click', () => void fillCells());
  element('save-rows').addEventListener('click', () =>
    download(`${shown.file}-new.csv`, shown.text, 'text/csv'),
  );
  element('save-filled').addEventListener('click', () =>
    download(`${shown.file}-filled.csv`, shown.filled, 'text/csv'),
  );
  element('save-run').addEventListener('click', async () => {
    const bytes = await during('Writing the model …', () => worker.call('file', undefined), 'Done.');
    if (bytes) download(`${shown.file}.safetensors`, Uint8Array.from(bytes), 'application/octet-stream');
  });
  element('steps').addEventListener(
    'input',
    () => (element('steps-value').textContent = input('steps').value),
  );
  for (const id of ['pair-x', 'pair-y']) element(id).addEventListener('change', drawPair);
  addEventListener('resize', () => {
    if (shown.rows.length === 0) return;
    drawMargins();
    drawPair();
  });
}

if (canWork('state')) listen();
