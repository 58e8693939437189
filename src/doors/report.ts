/**
 * Pictures.
 * @module langevin/report
 */

export type {
  AnimationOptions,
  AxisWords,
  CalibrationPlot,
  CalibrationPlotOptions,
  Cloud,
  GridOptions as ImageGridOptions,
  GridPlan,
  Interval,
  LevelCurve,
  LevelPanel,
  LevelsOptions,
  LossPoint,
  PathFrame,
  RankCounts,
  StripOptions as FilmStripOptions,
  WorkPrecisionOptions,
  WorkPrecisionRow,
} from '../report/index.ts';
export {
  animatedGif,
  animation,
  type DensityGrid,
  gridPoints,
  type ImagesPlot,
  imageGrid,
  type PointClasses,
  plotCalibration,
  plotClouds,
  plotImages,
  plotLevels,
  plotLoss,
  plotPath,
  plotSamples,
  plotWorkPrecision,
  type SamplesPlot,
  strip as filmStrip,
  svgToPng,
  writePicture,
} from '../report/index.ts';
export type { LossOptions, QualityPoints, ValidationPoints } from '../report/loss.ts';
