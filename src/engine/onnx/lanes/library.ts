/** The build of onnxruntime that a lane loads. */
export interface Library {
  /** The name of its engine, for errors. */
  readonly engine: string;
  readonly package: 'onnxruntime-node' | 'onnxruntime-web';
  /** Threads inside one call. `onnxruntime-node` gets them with each session instead. */
  readonly threads?: number;
}

/** The native library. */
export const nativeLibrary: Library = { engine: 'onnx', package: 'onnxruntime-node' };
