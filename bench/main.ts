import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Measurement, median } from './measure.ts';
import type { NoiseShare } from './noise.ts';
import { ours, type Peer, type Place, theirs } from './processes.ts';
import { markdown, type Row, summary, table } from './table.ts';
import { scaling, type Work, workloads } from './workloads.ts';

const HELP = `npm run bench -- [options]     times of the main workloads, each in a process of its own

  --peers              the same workloads in PyTorch, turn by turn with ours, and the ratios
  --peer-script FILE   another peer: called with --threads N --only NAME (and --device NAME with --peer-device);
                       prints {"median", "min", "peakMiB"} as a JSON line
  --python COMMAND     default python3
  --only NAMES         workloads whose name contains one of these, separated by commas
  --rounds N           turns of each workload; the median counts (default 3)
  --peer-device NAME   the peer's device, such as cuda (default: its CPU)
  --engine NAME        default onnx
  --provider NAME      execution provider of the engine onnx, such as webgpu (default cpu)
  --threads N          default: the cores this process may use
  --scaling            time against steps and batch, and the share of drawing noise
  --json               JSON on stdout instead of Markdown tables

`;

const { values: options } = parseArgs({
  options: {
    ...{ peers: { type: 'boolean' }, 'peer-script': { type: 'string' }, python: { type: 'string' } },
    ...{ only: { type: 'string' }, rounds: { type: 'string' }, engine: { type: 'string' } },
    ...{ provider: { type: 'string' }, 'peer-device': { type: 'string' } },
    ...{ threads: { type: 'string' }, scaling: { type: 'boolean' }, json: { type: 'boolean' } },
    help: { type: 'boolean' },
  } as const,
});

const place: Place = {
  engine: options.engine ?? 'onnx',
  threads: Number(options.threads ?? availableParallelism()),
  provider: options.provider,
};
const { threads } = place;
const rounds = Number(options.rounds ?? 3);
const peer: Peer | undefined =
  options.peers || options['peer-script']
    ? {
        python: options.python ?? 'python3',
        script: options['peer-script'] ?? 'bench/peers/torch_peer.py',
        device: options['peer-device'],
      }
    : undefined;
const isSelected = (name: string) =>
  options.only === undefined || options.only.split(',').some(part => name.includes(part));
const tell = (text: string) => void process.stderr.write(`${text}\n`);

async function rowOf(work: string, { unit, peer: name = work }: Work, against?: Peer): Promise<Row> {
  const measurements: Row['rounds'][number][] = [];
  for (let turn = 1; turn <= rounds; turn++) {
    tell(`${work}, turn ${turn} of ${rounds}`);
    const our = (await ours(work, place)) as Measurement;
    const their = against && (await theirs(against, name, threads).catch(failed));
    measurements.push({ ours: our, ...(their && { peer: their }) });
  }
  return { work, unit, rounds: measurements };
}

/** If a peer does not run, its column stays empty; ours is measured anyway. */
function failed(cause: Error): undefined {
  tell(`The peer failed: ${cause.message.trim().split('\n').at(-1)}`);
}

async function rowsOf(works: Readonly<Record<string, Work>>, against?: Peer): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, work] of Object.entries(works)) {
    if (!isSelected(name)) continue;
    const row = await rowOf(name, work, against);
    rows.push(row);
    // Printed at once, so that an interrupted run is not lost.
    const { ours: time, unit, ratio } = summary(row);
    tell(
      `  ${time.toPrecision(4)} ${unit}${ratio === undefined ? '' : `, ${ratio.toPrecision(3)} of the peer's`}`,
    );
  }
  return rows;
}

/**
 * The time per unit for each of three sizes. It should not depend on the number of steps, nor per sample on
 * the batch.
 */
function scalingTable(rows: readonly Row[]): string {
  const cells = rows.map(({ work, rounds: made }) => {
    const step = median(made.map(each => each.ours.median));
    const batch = /^batch-(\d+)$/.exec(work)?.[1];
    const least = Math.min(...made.map(each => each.ours.min));
    const rows = batch ? Number(batch) : 256;
    return [work, step.toFixed(1), least.toFixed(1), ((1000 * least) / rows).toFixed(1)];
  });
  return table(['size', 'µs a step', 'least', 'ns a sample, least'], cells);
}

async function noiseRows(): Promise<NoiseShare[]> {
  const shares: NoiseShare[] = [];
  for (const batch of [256, 4096]) shares.push((await ours(`noise-${batch}`, place)) as NoiseShare);
  return shares;
}

const noiseTable = (shares: readonly NoiseShare[]) =>
  table(
    ['batch', 'drawing, µs', 'step, µs', 'share'],
    shares.map(({ batch, draw, step, share }) => [
      ...[String(batch), draw.toFixed(1), step.toFixed(1), `${(100 * share).toFixed(1)}%`],
    ]),
  );

async function main(): Promise<void> {
  if (options.help) return void process.stdout.write(HELP);
  const busy = loadavg()[0]!;
  const machine = `${cpus()[0]?.model}, ${threads} threads, provider ${options.provider ?? 'cpu'}, Node ${process.version}, load ${busy.toFixed(1)} at the start`;
  tell(machine);
  if (busy > 0.5 * threads)
    tell('Other work is running: times will be too long, most of all where threads compete');
  const rows = await rowsOf(workloads, peer);
  const grown = options.scaling ? await rowsOf(scaling) : [];
  const noise = options.scaling ? await noiseRows() : [];
  const summaries = rows.map(summary);
  if (options.json) {
    return void process.stdout.write(
      `${JSON.stringify({ machine, ...place, summaries, rows, grown, noise }, null, 2)}\n`,
    );
  }
  const parts = [machine, markdown(summaries)];
  if (options.scaling) parts.push(scalingTable(grown), noiseTable(noise));
  process.stdout.write(`${parts.join('\n\n')}\n`);
}

await main();
