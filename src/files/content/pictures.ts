import { begins, holdsAt, isBrand, type Signature, textLike } from './marks.ts';

const picture = (title: string, matches: Signature['matches']): Signature => ({
  title,
  remedy: 'Pictures are read from a folder: name the folder',
  matches,
});

export const pictures = {
  png: picture('a PNG picture', begins('\x89PNG\r\n\x1a\n')),
  jpeg: picture('a JPEG picture', begins('\xff\xd8\xff')),
  gif: picture('a GIF picture', begins('GIF87a', 'GIF89a')),
  webp: picture('a WebP picture', head => begins('RIFF')(head) && holdsAt(8, 'WEBP')(head)),
  tiff: picture('a TIFF picture', begins('II*\0', 'MM\0*', 'II+\0', 'MM\0+')),
  bmp: picture('a BMP picture', head => begins('BM')(head) && holdsAt(6, '\0\0\0\0')(head)),
  avif: picture('an AVIF picture', isBrand(/^avi[fs]/)),
  heif: picture('a HEIF picture', isBrand(/^(hei|hev|mif1|msf1)/)),
  jpegXl: picture('a JPEG XL picture', begins('\xff\x0a', '\0\0\0\x0cJXL ')),
  jpeg2000: picture('a JPEG 2000 picture', begins('\0\0\0\x0cjP  ', '\xff\x4f\xff\x51')),
  psd: picture('a Photoshop picture', begins('8BPS')),
  svg: picture('an SVG picture', textLike(/^(<\?xml[^>]*>\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg\b/i)),
} as const;
