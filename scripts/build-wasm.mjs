// Compiles src/random/normals.wat into the module that contains it: node scripts/build-wasm.mjs [output file]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

const source = fileURLToPath(new URL('../src/random/normals.wat', import.meta.url));
const target = process.argv[2] ?? source.replace(/\.wat$/, '.wasm.ts');

const wabt = await loadWabt();
const module = wabt.parseWat('normals.wat', readFileSync(source, 'utf8'), { simd: true, multi_value: true });
module.validate();
const text = Buffer.from(module.toBinary({}).buffer).toString('base64');
const lines = text.match(/.{1,100}/g).map(line => `  '${line}'`);
writeFileSync(
  target,
  `// Generated from normals.wat by scripts/build-wasm.mjs; do not edit.\nexport const normalsWasm =\n${lines.join(' +\n')};\n`,
);
