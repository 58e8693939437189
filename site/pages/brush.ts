import { colour, fresh } from './plots.ts';
import { type Levels, pictureOf } from './tiles.ts';

/** What is painted on: a picture `[H, W]` or `[C, H, W]` in data units. */
export interface Painted {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly levels: Levels;
}

/** A brush that opens a hole in a picture, by pointer or by keyboard. */
export interface Brush {
  /** The pixels of the hole, `[H, W]`: 1 where the picture is not known. */
  hole(): Uint8Array;
  /** Another picture, with the same hole if it has the same shape. */
  show(painted: Painted): void;
  clear(): void;
  draw(): void;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * A stroke that begins on a known pixel opens the hole; one that begins in the hole closes it. Arrow keys move
 * a frame, and the space bar does what a pointer does. `width`: the side of the brush in pixels.
 */
export function openBrush(canvas: HTMLCanvasElement, width: () => number, changed: () => void): Brush {
  const state = {
    painted: undefined as Painted | undefined,
    hole: new Uint8Array(0),
    at: [0, 0] as readonly [row: number, column: number],
    stroke: undefined as 0 | 1 | undefined,
  };
  const sides = () => (state.painted?.shape.slice(-2) ?? [1, 1]) as [number, number];
  const draw = () => {
    if (state.painted) paint(canvas, state.painted, state.hole, state.at, width());
  };
  const fill = (value: 0 | 1) => {
    for (const place of under(state.at, width(), sides())) state.hole[place] = value;
    draw();
    changed();
  };
  const placeOf = (event: PointerEvent): readonly [number, number] => {
    const { left, top, width: w, height: h } = canvas.getBoundingClientRect();
    const [rows, columns] = sides();
    const within = (share: number, n: number) => Math.min(n - 1, Math.max(0, Math.floor(share * n)));
    return [within((event.clientY - top) / h, rows), within((event.clientX - left) / w, columns)];
  };
  const opposite = (): 0 | 1 => (state.hole[state.at[0] * sides()[1] + state.at[1]] ? 0 : 1);
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    state.at = placeOf(event);
    state.stroke = opposite();
    fill(state.stroke);
  });
  canvas.addEventListener('pointermove', event => {
    state.at = placeOf(event);
    if (state.stroke === undefined) draw();
    else fill(state.stroke);
  });
  for (const end of ['pointerup', 'pointercancel'] as const)
    canvas.addEventListener(end, () => {
      state.stroke = undefined;
    });
  canvas.addEventListener('keydown', event => {
    const step = ARROWS[event.key];
    if (!step && event.key !== ' ') return;
    event.preventDefault();
    if (!step) return fill(opposite());
    const [rows, columns] = sides();
    state.at = [(state.at[0] + step[0] + rows) % rows, (state.at[1] + step[1] + columns) % columns];
    draw();
  });
  return {
    hole: () => state.hole,
    show(painted) {
      state.painted = painted;
      const [rows, columns] = sides();
      canvas.style.aspectRatio = `${columns} / ${rows}`;
      if (state.hole.length !== rows * columns) {
        state.hole = new Uint8Array(rows * columns);
        state.at = [Math.floor(rows / 2), Math.floor(columns / 2)];
      }
      draw();
      changed();
    },
    clear() {
      state.hole.fill(0);
      draw();
      changed();
    },
    draw,
  };
}

/** The first row and column below the brush, and those after the last. */
function frameOf([row, column]: readonly [number, number], width: number, [rows, columns]: [number, number]) {
  const [up, left] = [row - Math.floor((width - 1) / 2), column - Math.floor((width - 1) / 2)];
  return {
    ...{ top: Math.max(0, up), left: Math.max(0, left) },
    ...{ bottom: Math.min(rows, up + width), right: Math.min(columns, left + width) },
  };
}

function under(at: readonly [number, number], width: number, sides: [number, number]): number[] {
  const { top, left, bottom, right } = frameOf(at, width, sides);
  const places: number[] = [];
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) places.push(row * sides[1] + column);
  return places;
}

function paint(
  canvas: HTMLCanvasElement,
  { values, shape, levels }: Painted,
  hole: Uint8Array,
  at: readonly [number, number],
  brush: number,
): void {
  const context = fresh(canvas);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const { width, height } = canvas.getBoundingClientRect();
  const [x, y] = [width / columns, height / rows];
  context.imageSmoothingEnabled = false;
  context.drawImage(pictureOf(values, 0, shape, levels), 0, 0, width, height);
  context.fillStyle = colour('warm');
  for (const [place, open] of hole.entries()) {
    if (!open) continue;
    const [row, column] = [Math.floor(place / columns), place % columns];
    const [left, top] = [Math.floor(column * x), Math.floor(row * y)];
    // Whole pixels of the screen, so that no seams show.
    context.fillRect(left, top, Math.ceil((column + 1) * x) - left, Math.ceil((row + 1) * y) - top);
  }
  const { top, left, bottom, right } = frameOf(at, brush, [rows, columns]);
  context.strokeStyle = colour('accent');
  context.lineWidth = 2;
  context.strokeRect(left * x + 1, top * y + 1, (right - left) * x - 2, (bottom - top) * y - 2);
}
