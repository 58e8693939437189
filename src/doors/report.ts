/** `langevin/report`: pictures. */
export {
  animatedGif,
  animation,
  type DensityGrid,
  gridPoints,
  imageGrid,
  plotLoss,
  plotPath,
  plotSamples,
  plotWorkPrecision,
  type SamplesPlot,
  strip as filmStrip,
  svgToPng,
  writePicture,
} from '../report/index.ts';
