import { encodeModel, type OnnxGraph, OPSET } from '../engine/onnx/compile/model.ts';
import { symbolicBatch } from '../engine/onnx/compile/symbolic.ts';
import { unknownName, usage } from '../errors.ts';
import { LIKELIHOOD_T_MIN } from '../likelihood/first-time.ts';
import type { GridSpec } from '../registry/grids.ts';
import { makeGrid } from '../registry/grids.ts';
import { makeSolver, type SolverSpec } from '../registry/solvers.ts';
import type { Run } from '../run/run.ts';
import { defaultSampler } from '../run/use/sample.ts';
import { timesOf } from '../solve/grids.ts';
import { fieldBuilder } from './field.ts';
import { samplerGraph } from './sampler.ts';
import type { Subject } from './subject.ts';
import { type Units, unitsOf } from './units.ts';

/** The parts of a run that can be exported. */
export const exportable = ['score', 'denoiser', 'sampler'] as const;
/** A name in `exportable`. */
export type Exportable = (typeof exportable)[number];

/** What to export of a run, and in which form. */
export interface OnnxOptions {
  /**
   * What the graph computes.
   * `score` (default): ∇ₓ log p_t(x).
   * `denoiser`: E[x₀ | x_t = x].
   * `sampler`: a whole solve on a fixed grid.
   */
  readonly what?: Exportable;
  /** The number of rows, or `dynamic` (default) for any number. */
  readonly batch?: number | 'dynamic';
  /** The solver of a sampler; default that of `sample`. */
  readonly solver?: SolverSpec;
  /** Steps of a sampler. Default: those of `sample` with its default solver, otherwise 100. */
  readonly steps?: number;
  /** The grid of a sampler. Default: that of `sample` with its default solver, otherwise `uniform`. */
  readonly grid?: GridSpec;
  /**
   * `data` (default), or `standardised`: the units of the model, z = (x − shift)/scale, which the caller
   * computes from `langevin.transform` in the metadata.
   */
  readonly units?: Units;
  /** Whether a sampler ends with Tweedie's formula; default true. */
  readonly denoise?: boolean;
}

/** An ONNX model: the bytes of its file, its metadata, and the shapes of its inputs and outputs. */
export interface OnnxExport {
  /** The file. */
  readonly bytes: Uint8Array;
  /** The metadata in the file: texts by key, such as `langevin.transform`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The shape of each input by name. A text stands for a dimension of any length. */
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  /** The shape of each output by name. */
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
}

/**
 * A run as an ONNX model of the standard operator set (opset 18), for any runtime. All numbers are float32,
 * in the units of the data or, with `units`, standardised. Float32 has seven digits, so data that are large
 * compared with their spread cannot be exported in their own units.
 *
 * - `score`, `denoiser`: x [B, ...D], t [B] → [B, ...D]. t runs from 1e-5 (almost no noise) to tMax (only
 *   noise); a t outside is replaced by the nearer end. x_t = shift + scale·z_t, where z_t is the state of the
 *   SDE. In the graph, the coefficients of the theory are piecewise polynomials of t. The metadata contain
 *   their relative error, which is below 1e-5.
 * - `sampler`: start [B, ...D] ~ N(0, I), and for a stochastic solver noise [draws, B, ...D] ~ N(0, I) in the
 *   order of use → samples [B, ...D].
 *
 * @throws usage for an unknown `what`, an invalid batch size, a solver that does not support the SDE, and
 * units that float32 cannot hold
 */
export function exportOnnx(run: Run, options: OnnxOptions = {}): OnnxExport {
  const { what = 'score', batch = 'dynamic' } = options;
  if (!exportable.includes(what)) throw unknownName('export', what, exportable);
  if (batch !== 'dynamic' && !(Number.isInteger(batch) && batch > 0))
    throw usage('The batch size has to be a whole number above 0, or "dynamic"', {
      where: 'batch',
      got: batch,
    });
  const subject = { sde: run.sde, model: run.model, transform: unitsOf(run, options.units) };
  const { build, metadata } = what === 'sampler' ? samplerOf(subject, options) : fieldOf(subject, what);
  const graph = batch === 'dynamic' ? symbolicBatch(build) : build(batch);
  const metadataOfFile = {
    ...described(run, what),
    'langevin.units': options.units ?? 'data',
    ...metadata(),
  };
  return {
    bytes: encodeModel(graph, metadataOfFile),
    metadata: metadataOfFile,
    inputs: forms(graph.inputs),
    outputs: forms(graph.outputs),
  };
}

interface Builder {
  build(rows: number): OnnxGraph;
  metadata(): Record<string, string>;
}

function fieldOf(subject: Subject, what: 'score' | 'denoiser'): Builder {
  const [from, to] = [Math.min(LIKELIHOOD_T_MIN, subject.sde.tMin), subject.sde.tMax];
  const { build, accuracy } = fieldBuilder(subject, what, from, to);
  const metadata = () => ({
    'langevin.time': `t in [${from}, ${to}], 0 is data and ${to} is noise`,
    'langevin.time_error': accuracy().toExponential(1),
  });
  return { build, metadata };
}

function samplerOf(subject: Subject, options: OnnxOptions): Builder {
  const defaults = options.solver === undefined ? defaultSampler : ({ steps: 100, grid: 'uniform' } as const);
  const { steps = defaults.steps, grid = defaults.grid, denoise = true } = options;
  const spec = options.solver ?? defaultSampler.solver;
  const solver = makeSolver(spec);
  const { sde } = subject;
  const refusal = solver.refuses?.(sde);
  if (refusal)
    throw usage(`The solver "${solver.name}" cannot be used here`, {
      where: `sde "${sde.name}"`,
      expected: refusal,
    });
  const times = timesOf(sde, makeGrid(grid), steps, sde.tMax, sde.tMin);
  const counted = { draws: 0 };
  return {
    build(rows) {
      const { graph, draws } = samplerGraph(subject, { solver, times, denoise }, rows);
      counted.draws = draws;
      return graph;
    },
    metadata: () => ({
      'langevin.solver': JSON.stringify(
        typeof spec === 'string' ? { name: spec } : 'step' in spec ? { name: solver.name } : spec,
      ),
      'langevin.grid': typeof grid === 'string' ? grid : 'custom',
      'langevin.steps': String(times.length - 1),
      'langevin.draws': String(counted.draws),
      'langevin.denoise': String(denoise),
    }),
  };
}

const described = ({ config }: Run, what: Exportable): Record<string, string> => ({
  'langevin.version': config.version,
  'langevin.what': what,
  'langevin.opset': String(OPSET),
  'langevin.transform': JSON.stringify(config.transform),
  'langevin.sde': JSON.stringify(config.sde),
  'langevin.net': JSON.stringify(config.net),
  'langevin.prediction': config.net.predicts,
  'langevin.data': JSON.stringify({ shape: config.data.shape, columns: config.data.columns }),
});

const forms = (values: OnnxGraph['inputs']) =>
  Object.fromEntries(values.map(({ name, shape }) => [name, shape]));
