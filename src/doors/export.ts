/**
 * Runs for other programs, as ONNX or safetensors.
 * @module langevin/export
 */
export {
  type Exportable,
  exportable,
  exportOnnx,
  type OnnxExport,
  type OnnxOptions as OnnxExportOptions,
} from '../export/onnx.ts';
export { exportSafetensors } from '../export/safetensors.ts';
export { exportUnits, type Units as ExportUnits } from '../export/units.ts';
