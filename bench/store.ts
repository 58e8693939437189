// Writes random weights of the larger U-Net to a file, and its model to the store, in a process of its own:
// node store.js FILE
import { makeEngine } from '../src/engine/index.ts';
import { writeFileAtomic } from '../src/files/disk.ts';
import { digestOf, writeSafetensors } from '../src/files/index.ts';
import { unet32 } from './nets.ts';
import { cache, workloads } from './workloads.ts';

const [path = ''] = process.argv.slice(2);
const params = Object.entries(unet32().init(0));
const tensors = new Map(params.map(([name, { data, shape }]) => [name, { dtype: 'F32', shape, data }]));
await writeFileAtomic(path, writeSafetensors({ tensors, metadata: { sha256: digestOf(tensors) } }));
const { call } = await workloads['unet32-score']!.ready(await makeEngine('onnx', { cache }));
await call();
process.exit(0);
