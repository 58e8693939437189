import type { CellColumn } from '../numbers.ts';

/** Rows below which a common width says nothing. */
const FEW = 10;
/** Groups of three digits, as telephone numbers are written, and amounts of money with other widths. */
const GROUPS = /^\d{3}([ .'\u00a0\u202f-])\d{3}(\1\d{3})+$/;
/** Names of columns whose numbers only name something. */
const NAMED =
  /(^|[\s_.-])(zip|zip[\s_-]?code|post(al)?[\s_-]?code|plz|(tele)?phone|tel|mobile|fax)([\s_.-]?(no|nr|num(ber)?))?\.?$/i;

/**
 * The first cell by which the numbers of a column are codes, which are names and no amounts; undefined for
 * amounts. Codes are numbers with leading zeros, such as `007`; groups of three digits in all rows, such as
 * `662 140 454`; and whole numbers of one width in a column that is called so, such as `zip`.
 */
export function firstCode({ name, numbers }: CellColumn, present: readonly string[]): string | undefined {
  const leading = present.find(cell => cell.length > 1 && /^0\d+$/.test(cell));
  if (leading !== undefined || numbers < FEW) return leading;
  const [first = ''] = present;
  const isWide = present.every(cell => cell.length === first.length);
  const areGroups = isWide && present.every(cell => GROUPS.test(cell));
  const areNamed = isWide && NAMED.test(name) && present.every(cell => /^\d{4,}$/.test(cell));
  return areGroups || areNamed ? first : undefined;
}
