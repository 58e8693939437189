/** The build of onnxruntime that a lane loads. */
export interface Library {
  /** The engine that it serves: errors name it. */
  readonly engine: string;
  readonly package: 'onnxruntime-node' | 'onnxruntime-web';
  /** Threads inside one call; `onnxruntime-node` learns them with each session. */
  readonly threads?: number;
}

/** The native library. */
export const nativeLibrary: Library = { engine: 'onnx', package: 'onnxruntime-node' };
