import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { type Engine, type EngineName, type EngineOptions, engines, tryEngine } from '../../engine/index.ts';
import { listProviders } from '../../engine/onnx/native/runtime.ts';
import { LangevinError } from '../../errors.ts';
import { square } from '../../tensor/index.ts';

/** The result of one check. */
export interface Check {
  readonly kind: 'runtime' | 'engine' | 'provider' | 'pictures';
  readonly name: string;
  readonly works: boolean;
  /** The version if it works, otherwise what is wrong. */
  readonly what: string;
  readonly mend?: string;
}

/** Starts each engine and checks what pictures need. Never throws: a fault is a result. */
export async function examine(): Promise<Check[]> {
  const checks: Check[] = [node()];
  for (const name of Object.keys(engines) as EngineName[]) checks.push(await engineCheck(name));
  for (const { name } of await listProviders().catch(() => []))
    if (name !== 'cpu') checks.push(await providerCheck(name));
  return [...checks, await pictures()];
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const works = major > 20 || (major === 20 && minor >= 19);
  const what = `${process.version} on ${process.platform} ${process.arch}, ${availableParallelism()} cores`;
  return {
    kind: 'runtime',
    name: 'node',
    works,
    what,
    ...(!works && { mend: 'Install Node 20.19 or newer' }),
  };
}

const engineCheck = (name: EngineName): Promise<Check> =>
  engineTrial({ kind: 'engine', name }, name, () => described(name));

/** Devices that the compiled engine can use; none of them is required. */
const providerCheck = (provider: string): Promise<Check> =>
  engineTrial({ kind: 'provider', name: `onnx --provider ${provider}` }, 'onnx', () => 'works', { provider });

async function engineTrial(
  base: Pick<Check, 'kind' | 'name'>,
  engineName: EngineName,
  what: () => string,
  options: EngineOptions = {},
): Promise<Check> {
  const engine = await tryEngine(engineName, options);
  const trial = engine instanceof Error ? engine : await proof(engine);
  return trial === undefined ? { ...base, works: true, what: what() } : fault(base, trial);
}

function fault(base: Pick<Check, 'kind' | 'name'>, trial: Error): Check {
  const { got = trial.message, remedy } = trial instanceof LangevinError ? trial.parts : {};
  const what = String(got).split('\n')[0]!;
  return { ...base, works: false, what, ...(remedy !== undefined && { mend: remedy }) };
}

/** Computes something: an engine that starts does not necessarily compute correctly. */
async function proof(engine: Engine): Promise<Error | undefined> {
  try {
    const program = engine.compile<null>((_weights, [x]) => [square(x!)]);
    const x = engine.put({ data: Float32Array.of(1, 2, 3), shape: [3] });
    const [y] = await program.run([x], null);
    const output = [...(await engine.read(y!))].join();
    engine.free(x, y!);
    await program.dispose();
    return output === '1,4,9' ? undefined : new Error(`the squares of 1, 2, 3 are computed as ${output}`);
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

function described(name: EngineName): string {
  const installed = engines[name].packages
    .map(each => ({ each, version: versionOf(each) }))
    .find(({ version }) => version);
  const threads = engines[name].threads ? `, ${availableParallelism()} threads` : '';
  return installed ? `${installed.each} ${installed.version}${threads}` : 'works';
}

function versionOf(name: string): string | undefined {
  try {
    return (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}

async function pictures(): Promise<Check> {
  const { svgToPng } = await import('../../report/png.ts');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text x="1" y="8">x</text></svg>';
  const trial = await svgToPng(svg).catch((cause: Error) => cause);
  const base = { kind: 'pictures', name: 'png pictures' } as const;
  if (trial instanceof Error) return fault(base, trial);
  return { ...base, works: true, what: 'rasteriser and fonts load' };
}
