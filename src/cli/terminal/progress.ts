import type { WriteStream } from 'node:tty';

export interface Report {
  /** The finished part of the work, 0 to 1. */
  readonly fraction: number;
  readonly step?: number;
  readonly steps?: number;
  readonly loss?: number;
  /** The distance of samples to the data. */
  readonly distance?: number;
  readonly evaluations?: number;
  /** Whether the work may end before its last step. */
  readonly mayStop?: boolean;
}

export interface Progress {
  update(report: Report): void;
  /** Removes the bar; later updates show nothing. */
  end(): void;
}

type Stream = Pick<WriteStream, 'write' | 'isTTY' | 'columns'>;

/**
 * The first report. The speed is measured from it, so that a resumed run does not count its earlier work, and
 * a new run does not count its start.
 */
interface Origin {
  readonly fraction: number;
  readonly time: number;
}

const silent: Progress = { update: () => {}, end: () => {} };
const every = { bar: 100, lines: 5000, json: 500 } as const;

/**
 * A bar on a terminal, a line every 5 s elsewhere, or JSON lines. `now` returns milliseconds; tests replace
 * it.
 */
export function progressOf(
  label: string,
  style: string,
  stream: Stream,
  now: () => number = () => performance.now(),
): Progress {
  if (style === 'none') return silent;
  const form = style === 'json' ? 'json' : stream.isTTY ? 'bar' : 'lines';
  const begin = now();
  const display = { last: form === 'lines' ? begin : -Infinity };
  let first: Origin | undefined;
  return {
    update(report) {
      const time = now();
      first ??= report.fraction < 1 ? { fraction: report.fraction, time } : { fraction: 0, time: begin };
      const last = report.fraction >= 1 && form === 'json';
      if (!last && time - display.last < every[form]) return;
      display.last = time;
      const since = time - first.time;
      const speed = since > 0 ? (report.fraction - first.fraction) / (since / 1000) : 0;
      if (form === 'json')
        stream.write(`${JSON.stringify({ progress: label, ...report, seconds: (time - begin) / 1000 })}\n`);
      else if (form === 'lines') stream.write(`${describe(label, report, speed).join(', ')}\n`);
      else
        stream.write(`\r\x1b[2K${barLine(describe(label, report, speed), report.fraction, stream.columns)}`);
    },
    end() {
      if (form === 'bar') stream.write('\r\x1b[2K');
    },
  };
}

/**
 * `training 45 %`, `step 4500 of 10000`, `812 a second`, `0:07 left`, `loss 0.1234`: the most important parts
 * first.
 */
function describe(label: string, report: Report, speed: number): string[] {
  const { fraction, step, steps, loss, distance, evaluations, mayStop } = report;
  const most = mayStop ? 'at most ' : '';
  const parts = [
    `${label} ${Math.floor(100 * fraction)} %`,
    step !== undefined && steps !== undefined ? `step ${step} of ${steps}` : '',
    steps !== undefined && speed > 0 ? `${(speed * steps).toPrecision(3)} a second` : '',
    evaluations ? `${evaluations} evaluations` : '',
    speed > 0 && fraction < 1 ? `${most}${clock((1 - fraction) / speed)} left` : '',
    loss !== undefined ? `loss ${loss.toPrecision(4)}` : '',
    distance !== undefined ? `distance ${distance.toPrecision(3)}` : '',
  ];
  return parts.filter(part => part !== '');
}

const widths = { bar: 24, least: 8, terminal: 80 } as const;

/**
 * A line that is shorter than the terminal, which would wrap a longer one. The bar shrinks first; then parts
 * are left out from the end.
 */
function barLine(parts: readonly string[], fraction: number, columns: number): string {
  const room = (columns || widths.terminal) - 1;
  const [first = '', ...others] = parts;
  const least = widths.least + 1;
  const text = others.reduce(
    (line, part) => (line.length + 2 + part.length + least <= room ? `${line}, ${part}` : line),
    first,
  );
  const width = Math.min(widths.bar, room - text.length - 1);
  return width < widths.least ? text.slice(0, room) : `${bar(fraction, width)} ${text}`;
}

const bar = (fraction: number, width: number): string => {
  const full = Math.round(Math.min(1, fraction) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
};

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
