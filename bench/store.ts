// Writes the fresh weights of the larger U-Net to a file, in a process of its own: node store.js FILE
import { digestOf, writeFileAtomic, writeSafetensors } from '../src/files/index.ts';
import { unet32 } from './nets.ts';

const [path = ''] = process.argv.slice(2);
const params = Object.entries(unet32().init(0));
const tensors = new Map(params.map(([name, { data, shape }]) => [name, { dtype: 'F32', shape, data }]));
await writeFileAtomic(path, writeSafetensors({ tensors, metadata: { sha256: digestOf(tensors) } }));
process.exit(0);
