import { createRequire } from 'node:module';
import { notLoaded, usage } from '../errors.ts';
import { ink, pixelsPerUnit } from './style.ts';

const family = '@expo-google-fonts/source-sans-3';

/**
 * Renders an SVG document as a PNG of `scale` (default 2) pixels for each user unit. All text uses the font
 * that is installed with this package. So a picture is the same on every machine, even on one without fonts.
 */
export async function svgToPng(
  svg: string,
  { scale = pixelsPerUnit }: { scale?: number } = {},
): Promise<Uint8Array> {
  if (!(scale > 0 && scale <= 16))
    throw usage('Bad scale', { where: 'svgToPng', got: scale, expected: 'a number in (0, 16]' });
  const { Resvg } = await import('@resvg/resvg-js').catch((cause: Error) => {
    throw notLoaded('PNG pictures need resvg', '@resvg/resvg-js', cause, 'write the picture as .svg');
  });
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = ['400Regular', '600SemiBold'].map(weight =>
    resolve(`${family}/${weight}/SourceSans3_${weight}.ttf`),
  );
  const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Source Sans 3' };
  return new Resvg(svg, { background: ink.paper, fitTo: { mode: 'zoom', value: scale }, font })
    .render()
    .asPng();
}
