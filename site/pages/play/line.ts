import { colour, scales } from '../plots.ts';
import { chosen, input, plane, shown } from './state.ts';

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

/** The line as a question to the model, with an error of a hundredth of half the view. */
export function question(): string {
  const { normalX, normalY, value, half } = lineOf();
  const error = (0.01 * half).toFixed(4);
  return `${normalX.toFixed(4)}*x1 + ${normalY.toFixed(4)}*x2 = ${value.toFixed(4)} ± ${error}`;
}

export function drawLine(context: CanvasRenderingContext2D): void {
  const { angle, normalX, normalY, half, middle } = lineOf();
  const at = scales(plane, shown.view);
  const x = middle[0] + normalX * shown.line.offset * half;
  const y = middle[1] + normalY * shown.line.offset * half;
  context.strokeStyle = colour('warm');
  context.lineWidth = 1.5;
  context.beginPath();
  for (const way of [-3, 3])
    context.lineTo(at.x(x + way * half * Math.cos(angle)), at.y(y + way * half * Math.sin(angle)));
  context.stroke();
}

/** Turns the line so that it goes through two points of the plane. */
function through(from: { readonly x: number; readonly y: number }, x: number, y: number): void {
  const angle = (Math.atan2(y - from.y, x - from.x) * 180) / Math.PI;
  shown.line = { angle: ((angle % 180) + 180) % 180, offset: 0 };
  const { normalX, normalY, value, half } = lineOf();
  shown.line.offset = (normalX * x + normalY * y - value) / half;
  input('angle').value = String(shown.line.angle);
  input('offset').value = String(100 * shown.line.offset);
}

/** A line drawn with a pointer, from where it went down to where it is. */
export function drawWithPointer(onMove: () => void, onEnd: () => void): void {
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
    through(start, x, y);
    onMove();
  });
  plane.addEventListener('pointerup', () => {
    if (start.down) onEnd();
    start.down = false;
  });
}
