export { type AnimationOptions, animatedGif, animation } from './animation.ts';
export type { AxisWords } from './axis.ts';
export {
  type CalibrationPlot,
  type CalibrationPlotOptions,
  plotCalibration,
  type RankCounts,
} from './calibration.ts';
export type { PointClasses } from './classes.ts';
export { type Cloud, plotClouds } from './clouds.ts';
export { type DensityGrid, type GridPlan, gridPoints } from './density.ts';
export { type GridOptions, imageGrid, type StripOptions, strip } from './grid.ts';
export { type ImagesPlot, plotImages } from './images.ts';
export { type LevelCurve, type LevelPanel, type LevelsOptions, plotLevels } from './levels.ts';
export { type LossPoint, plotLoss } from './loss.ts';
export { type PathFrame, plotPath } from './path.ts';
export { writePicture } from './picture.ts';
export { svgToPng } from './png.ts';
export { plotSamples, type SamplesPlot } from './samples.ts';
export type { Interval } from './window.ts';
export { plotWorkPrecision, type WorkPrecisionOptions, type WorkPrecisionRow } from './work-precision.ts';
