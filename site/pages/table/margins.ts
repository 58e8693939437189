import { element, make } from '../dom.ts';
import { histograms } from '../plots.ts';
import { shares } from '../shares.ts';
import { columnOf, shown } from './state.ts';

/** Each column of the data beside the same column of the new rows. */
export function drawMargins(): void {
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
