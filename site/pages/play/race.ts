import type { openWorker } from '../calls.ts';
import { element, make } from '../dom.ts';
import { fresh, points } from '../plots.ts';
import { input, shown } from './state.ts';

/** Solvers of the comparison, with their evaluations a step. */
const SOLVERS = [
  { name: 'euler-maruyama', perStep: 1 },
  { name: 'euler', perStep: 1 },
  { name: 'heun', perStep: 2 },
  { name: 'unipc', perStep: 1 },
] as const;

/** Solver by solver at equal evaluations, a picture each. */
export async function race(worker: ReturnType<typeof openWorker>): Promise<void> {
  const panels = element('solvers');
  panels.replaceChildren();
  const evaluations = Number(input('evaluations').value);
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
}
