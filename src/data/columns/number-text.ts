import type { NumberText } from './kinds.ts';
import type { NumberStyle } from './styles.ts';

/** A fraction with more digits than this comes from a computation and not from a style of writing. */
const MOST_DECIMALS = 10;

/** How the cells of a column of numbers are written, found from those cells that the style can read. */
export function numberTextOf(cells: readonly string[], style: NumberStyle): NumberText {
  let [most, least, exponents] = [0, Infinity, false];
  let form: Pick<NumberText, 'prefix' | 'suffix' | 'thousands' | 'brackets' | 'minusBehind'> = {};
  for (const cell of cells) {
    const parts = style.parts(cell);
    if (!parts) continue;
    const { decimals, exponent, ...marks } = parts;
    [most, least] = [Math.max(most, decimals), Math.min(least, decimals)];
    exponents ||= exponent;
    form = { ...form, ...marks };
  }
  const isFixedPoint = least <= most && !exponents && most <= MOST_DECIMALS;
  return {
    ...form,
    ...(style.decimal === ',' && { decimal: style.decimal }),
    ...(isFixedPoint && { decimals: most }),
    ...(isFixedPoint && most > 0 && least === most && { fixed: true as const }),
  };
}

/** A number as its column writes it. NaN is an empty cell. */
export function numberText(style: NumberText, value: number): string {
  if (Number.isNaN(value)) return '';
  const digits = plainDigits(style, Math.abs(value));
  const [, whole = digits, rest = ''] = /^(\d+)(.*)$/.exec(digits) ?? [];
  const integer = style.thousands ? whole.replace(/\B(?=(\d{3})+$)/g, style.thousands) : whole;
  const isNegative = value < 0 && /[1-9]/.test(digits);
  const fraction = style.decimal ? rest.replace('.', style.decimal) : rest;
  // A unit of letters stands before the sign, a sign of money after it.
  const isUnit = /\p{L}/u.test(style.prefix ?? '');
  const minus = isNegative && !style.brackets && !style.minusBehind ? '-' : '';
  const [before, sign] = isUnit ? [style.prefix ?? '', minus] : [minus, style.prefix ?? ''];
  const text = `${before}${sign}${integer}${fraction}${style.suffix ?? ''}`;
  if (isNegative && style.minusBehind) return `${text}-`;
  return isNegative && style.brackets ? `(${text})` : text;
}

function plainDigits({ decimals, fixed }: NumberText, size: number): string {
  if (decimals === undefined || size >= 1e21) return String(size);
  const text = size.toFixed(decimals);
  return fixed || decimals === 0 ? text : text.replace(/\.?0+$/, '');
}
