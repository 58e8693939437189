/** A build of onnxruntime-web, as its import gives it. */
export interface OnnxLibrary {
  /** Its settings, such as the place of its WebAssembly. */
  readonly env: object;
  /** Opens models. */
  readonly InferenceSession: object;
  /** Makes inputs. */
  readonly Tensor: unknown;
}
