/** A build of onnxruntime-web, as its import gives it. */
export interface OnnxLibrary {
  readonly env: object;
  readonly InferenceSession: object;
  readonly Tensor: unknown;
}
