import { openBrush } from './brush.ts';
import type { openBusy } from './busy.ts';
import type { openWorker } from './calls.ts';
import { element } from './dom.ts';
import { fresh } from './plots.ts';
import { drawTiles, type Levels } from './tiles.ts';

/** Pictures `[n, ...shape]` of a run, one of which gets a hole. */
export interface Pictures {
  readonly values: Float64Array;
  readonly shape: readonly number[];
  readonly levels: Levels;
}

const DRAWS = 8;
const input = (id: string) => element<HTMLInputElement>(id);

/**
 * The part of the page in which a hole is painted into a picture and filled by the model. `work` runs a task
 * with the buttons as they must be meanwhile.
 */
export function openHole(worker: ReturnType<typeof openWorker>, work: ReturnType<typeof openBusy>) {
  const shown = { pictures: undefined as Pictures | undefined, index: 0, draws: new Float64Array(0) };
  const width = () => Number(input('brush-width').value);
  const brush = openBrush(element<HTMLCanvasElement>('brush'), width, () => {
    const open = brush.hole().reduce((sum, pixel) => sum + pixel, 0);
    element('hole-note').textContent = `${open} of ${brush.hole().length} pixels are open.`;
    input('fill').disabled = open === 0 || open === brush.hole().length;
  });
  const picture = ({ values, shape }: Pictures): Float64Array => {
    const size = shape.reduce((product, side) => product * side, 1);
    return values.slice(shown.index * size, (shown.index + 1) * size);
  };
  const drawFilled = () => {
    const canvas = element<HTMLCanvasElement>('filled');
    const { pictures, draws } = shown;
    if (!pictures || draws.length === 0) return;
    const [height, across] = pictures.shape.slice(-2) as [number, number];
    canvas.style.aspectRatio = `${4 * across} / ${2 * height}`;
    drawTiles(fresh(canvas), canvas, draws, { ...pictures, columns: 4 });
  };
  const show = () => {
    const { pictures } = shown;
    if (pictures) brush.show({ ...pictures, values: picture(pictures) });
  };
  const fill = () =>
    work({ text: 'Filling …' }, async () => {
      const pictures = shown.pictures!;
      const args = { picture: picture(pictures), hole: brush.hole(), count: DRAWS };
      shown.draws = Float64Array.from(await worker.call('inpaint', args));
      element('filled-figure').hidden = false;
      drawFilled();
    });
  element('fill').addEventListener('click', () => void fill());
  element('clear').addEventListener('click', brush.clear);
  element('brush-width').addEventListener('input', brush.draw);
  element('another').addEventListener('click', () => {
    const { pictures } = shown;
    if (!pictures) return;
    const size = pictures.shape.reduce((product, side) => product * side, 1);
    shown.index = (shown.index + 1) % (pictures.values.length / size);
    show();
  });
  return {
    /** Shows the first of these pictures under the brush. */
    open(pictures: Pictures): void {
      Object.assign(shown, { pictures, index: 0 });
      element('hole').hidden = false;
      show();
    },
    draw(): void {
      brush.draw();
      drawFilled();
    },
  };
}
