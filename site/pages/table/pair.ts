import { element, make } from '../dom.ts';
import { colour, fresh, points, type View } from '../plots.ts';
import type { ColumnCard } from '../work/tables.ts';
import { columnOf, input, shown } from './state.ts';

/** The columns to choose a pair from. */
export function fillSelects(): void {
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

/** Two columns against each other; categories with a little spread, so that points do not hide each other. */
export function drawPair(): void {
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
