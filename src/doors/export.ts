/** `langevin/export`: runs for other programs, as ONNX or safetensors. */
export {
  type Exportable,
  exportable,
  exportOnnx,
  type OnnxExport,
  type OnnxOptions as OnnxExportOptions,
} from '../export/onnx.ts';
export { exportSafetensors } from '../export/safetensors.ts';
