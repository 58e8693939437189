import { failure, unknownName } from '../../../errors.ts';
import type { SessionOptions } from '../compile/session-options.ts';
import type { Lane, Runtime } from '../lanes/lanes.ts';
import { trialModel } from '../sessions/trial.ts';

/** Execution providers by onnxruntime's names, with the requirements of each beyond the npm package. */
const NEEDS = {
  cpu: '',
  cuda:
    'an NVIDIA driver, CUDA 12, cuDNN 9 and the libraries that `ONNXRUNTIME_NODE_INSTALL=cuda12 node ' +
    'node_modules/onnxruntime-node/script/install.js` fetches',
  tensorrt: 'the requirements of cuda, and TensorRT 10',
  webgpu: 'a graphics driver with Vulkan, Metal or Direct3D 12, and on Linux the library libvulkan1',
  coreml: 'macOS',
  dml: 'Windows with DirectX 12',
} as const;
export type ProviderName = keyof typeof NEEDS;
export const providerNames = Object.keys(NEEDS) as readonly ProviderName[];

/**
 * onnxruntime's information on a provider. `bundled` is false if its libraries are not in the npm package.
 */
export interface Provider {
  /** Its name: `cpu`, `cuda`, … */
  readonly name: string;
  /** Whether its libraries come with the npm package. */
  readonly bundled: boolean;
}

/** The providers in this build of onnxruntime. */
export const providersOf = (backends: Runtime['backends']): readonly Provider[] =>
  backends.map(({ name, bundled }) => ({ name, bundled }));

/**
 * Throws for a provider that is unknown, not available on this system, or does not start. The error names a
 * remedy.
 */
export async function requireProvider(
  lane: Lane,
  backends: Runtime['backends'],
  provider: string,
  options: SessionOptions,
): Promise<void> {
  if (!Object.hasOwn(NEEDS, provider)) throw unknownName('execution provider', provider, providerNames);
  if (provider === 'cpu') return;
  const available = providersOf(backends).map(({ name }) => name);
  if (!available.includes(provider)) {
    throw failure(
      `The execution provider "${provider}" does not exist on ${process.platform} ${process.arch}`,
      {
        expected: available.join(', '),
        remedy: 'Choose another with --provider, or leave it out for the CPU',
      },
    );
  }
  try {
    await (await lane.open(trialModel(), options)).release();
  } catch (cause) {
    throw failure(`The execution provider "${provider}" did not start`, {
      got: (cause as Error).message.split('\n')[0]!.replace(/^\/onnxruntime_src\S+ .*? was false\. /, ''),
      remedy: `It needs ${NEEDS[provider as ProviderName]}. Leave --provider out for the CPU`,
    });
  }
}
