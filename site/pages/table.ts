import { openBusy } from './busy.ts';
import { openWorker } from './calls.ts';
import { canWork, download, dropZone, element, make, say } from './dom.ts';
import { curve } from './plots.ts';
import { fillTable } from './table/cells.ts';
import { exampleFile } from './table/example.ts';
import { drawMargins } from './table/margins.ts';
import { drawPair, fillSelects } from './table/pair.ts';
import { input, shown } from './table/state.ts';

const worker = openWorker();
const during = openBusy(['learn', 'fresh', 'strange', 'fill']);

async function take(file: File): Promise<void> {
  const read = await during({ text: `Reading ${file.name} …`, end: 'Read. Now train.' }, () =>
    worker.call('read', { file }),
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
  const done = await during({ text: 'Preparing …', end: 'Trained.' }, () =>
    worker.call('learn', { steps }, news => {
      losses.push([news.step as number, news.loss as number]);
      const nats = typeof news.nats === 'number' ? `, ${news.nats.toFixed(2)} nats on rows kept aside` : '';
      say('state', `Step ${news.step} of at most ${steps}${nats}`);
      curve(element<HTMLCanvasElement>('curve'), losses);
    }),
  );
  if (!done) return;
  for (const id of ['results', 'questions']) element(id).hidden = false;
  fillSelects();
  await drawFresh();
}

async function drawFresh(): Promise<void> {
  const count = Math.max(1, Number(input('count').value));
  const made = await during({ text: 'Drawing rows …', end: 'Done.' }, () =>
    worker.call('fresh', { count, seed: Date.now() % 2 ** 31 }),
  );
  if (!made) return;
  Object.assign(shown, { rows: made.values, text: made.text });
  drawMargins();
  drawPair();
}

async function findStrange(): Promise<void> {
  const found = await during({ text: 'Scoring rows …', end: 'Done.' }, () =>
    worker.call('strange', { most: 8 }),
  );
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
  const done = await during({ text: 'Filling cells …', end: 'Done.' }, () => worker.call('filled', {}));
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
    const bytes = await during({ text: 'Writing the model …', end: 'Done.' }, () =>
      worker.call('file', undefined),
    );
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
