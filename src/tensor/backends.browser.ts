/** In a page, operations run one at a time only as a reference: in JavaScript. */
export const backends: Readonly<Record<string, () => Promise<unknown>>> = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
};
