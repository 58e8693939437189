export { type BrownianOptions, type BrownianTree, brownianTree } from './brownian.ts';
export { fillNormal, fillRademacher, fillUniform } from './draws.ts';
export { type Address, type Key, key } from './key.ts';
export { permutation } from './permutation.ts';
