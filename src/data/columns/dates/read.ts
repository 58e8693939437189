import { type DateFormat, dateFormat } from './format.ts';
import { formatsOf } from './guess.ts';

/**
 * Reads the dates of a column in its format. A date in another format is read in the first format that fits,
 * if possible with day and month in the same order.
 */
export function dateReader(text: string): (cell: string) => number | undefined {
  const ownFormat = dateFormat(text);
  const others = new Map<string, DateFormat>();
  const formatOf = (name: string): DateFormat => {
    if (!others.has(name)) others.set(name, dateFormat(name));
    return others.get(name)!;
  };
  const isDayFirst = text.indexOf('D') < text.indexOf('M');
  return cell => {
    const days = ownFormat.read(cell);
    if (days !== undefined) return days;
    const names = formatsOf(cell).toSorted(
      (a, b) =>
        Number(a.indexOf('D') < a.indexOf('M') !== isDayFirst) -
        Number(b.indexOf('D') < b.indexOf('M') !== isDayFirst),
    );
    for (const name of names) {
      const other = formatOf(name).read(cell);
      if (other !== undefined) return other;
    }
    return undefined;
  };
}
