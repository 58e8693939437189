import type { openWorker } from '../calls.ts';
import { element } from '../dom.ts';
import { question } from './line.ts';
import { draw } from './picture.ts';
import { chosen, DENSITY, FRAMES, frame, plane, SHOWN, shown } from './state.ts';

const NOTES: Readonly<Record<string, string>> = {
  samples: `${SHOWN} samples; behind them rows of the data.`,
  density: 'The density that the model has learned, from its exact likelihood.',
  given: 'Samples of the density on the line, in orange.',
};

/** The three pictures of the plane, samples, density and given: what they need, fetched when it is wanted. */
export function openModes(worker: ReturnType<typeof openWorker>) {
  const field = { wanted: false, running: false };

  /** The score field at the time of the slider; while one is computed, only the last wish counts. */
  async function refreshField(): Promise<void> {
    field.wanted = true;
    if (field.running || !shown.path) return;
    field.running = true;
    while (field.wanted) {
      field.wanted = false;
      const t = Math.max(shown.path.times[frame()]!, 0.02);
      shown.field = await worker.call('field', { view: shown.view, t, n: 18 });
      draw();
    }
    field.running = false;
  }

  const samplesOnLine = async () => ({
    points: await worker.call('given', { given: question(), count: 300 }),
  });

  /** Fetches what the chosen picture needs, if it is not there yet. */
  async function show(): Promise<void> {
    const mode = chosen('show');
    element('time-row').hidden = element('direction').hidden = mode !== 'samples';
    element('given-row').hidden = mode !== 'given';
    plane.classList.toggle('draws', mode === 'given');
    element('plane-note').textContent = NOTES[mode]!;
    if (mode === 'density') shown.density ??= await worker.call('density', { view: shown.view, n: DENSITY });
    if (mode === 'given') shown.given ??= await samplesOnLine();
    if (mode === 'samples') await refreshField();
    draw();
  }

  /** The samples of the present model on their way, and what belongs to them. */
  async function refresh(): Promise<void> {
    shown.path = await worker.call('path', { count: SHOWN, frames: FRAMES, data: shown.data });
    Object.assign(shown, { live: undefined, density: undefined, given: undefined });
    await show();
  }

  return { refresh, refreshField, show };
}
