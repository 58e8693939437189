import { encodeModel } from '../compile/model.ts';

const edge = { name: 'x', dtype: 'float32', shape: [1] } as const;

/** The smallest model: y = −x. A runtime that opens it has started. */
export const trialModel = (): Uint8Array =>
  encodeModel({
    nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }],
    initializers: [],
    inputs: [edge],
    outputs: [{ ...edge, name: 'y' }],
  });
