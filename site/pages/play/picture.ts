import { element } from '../dom.ts';
import { arrows, colour, fresh, heat, points } from '../plots.ts';
import { drawLine } from './line.ts';
import { chosen, DENSITY, FRAMES, frame, input, plane, shown } from './state.ts';

/** Draws the plane as it is now. */
export function draw(): void {
  const context = fresh(plane);
  const show = chosen('show');
  if (show === 'density' && shown.density) heat(context, plane, shown.density, DENSITY);
  else if (show === 'given') drawGiven(context);
  else drawSamples(context);
  sayTime();
}

function drawGiven(context: CanvasRenderingContext2D): void {
  drawRows(context, 0.25);
  drawLine(context);
  if (shown.given) drawPoints(context, shown.given.points, 'warm');
}

function drawSamples(context: CanvasRenderingContext2D): void {
  const { path, live, field } = shown;
  if (live || frame() === FRAMES - 1) drawRows(context, 0.16);
  if (input('arrows').checked && field && chosen('show') === 'samples')
    arrows(context, plane, shown.view, field);
  const way = chosen('way') === 'forward' ? path?.forward : path?.reverse;
  const rows = live?.points ?? way?.[frame()];
  if (rows) drawPoints(context, rows, 'ink');
}

const drawRows = (context: CanvasRenderingContext2D, alpha: number) =>
  points(context, plane, shown.view, shown.rows, { fill: colour('soft'), alpha });

const drawPoints = (context: CanvasRenderingContext2D, rows: ArrayLike<number>, name: string) =>
  points(context, plane, shown.view, rows, { fill: colour(name), size: 1.7, alpha: 0.7 });

function sayTime(): void {
  const text = shown.path ? `t = ${shown.path.times[frame()]!.toFixed(2)}` : '';
  if (shown.path) input('time').setAttribute('aria-valuetext', text);
  element('time-value').textContent = text;
}
