import type { NumberText } from './kinds.ts';

/** Spellings of units, one unit a line. Those in which case tells units apart are written in `EXACT`. */
const SPELLINGS = [
  'mg milligram milligrams',
  'g gr gram grams',
  'kg kgs kilo kilos kilogram kilograms',
  'oz ounce ounces',
  'lb lbs pound pounds',
  'mm millimeter millimeters millimetre millimetres',
  'cm centimeter centimeters centimetre centimetres',
  'm meter meters metre metres',
  'km kms kilometer kilometers kilometre kilometres',
  'in inch inches " ″',
  "ft foot feet ' ′",
  'yd yds yard yards',
  'mi mile miles',
  'ml milliliter milliliters millilitre millilitres',
  'l liter liters litre litres',
  'gal gallon gallons',
  's sec secs second seconds',
  'min mins minute minutes',
  'h hr hrs hour hours',
  'd day days',
  'y yr yrs year years',
  'm² m2 m^2 sqm',
  'ft² ft2 ft^2 sqft',
  'm³ m3 m^3',
  '°c celsius',
  '°f fahrenheit',
  'km/h kmh kph',
  'mph mi/h',
  'hz hertz',
  'kw kilowatt kilowatts',
  'kwh',
  '% pct percent',
  '$ usd us$ dollar dollars',
  '€ eur euro euros',
  '£ gbp',
  '¥ jpy yen',
  '₹ inr rs',
].map(line => line.split(' '));
/** Units of which another case is another unit. */
const EXACT = new Set([
  'mW',
  'MW',
  'mHz',
  'MHz',
  'mPa',
  'MPa',
  'mV',
  'MV',
  'mA',
  'MA',
  'mJ',
  'MJ',
  'Mb',
  'MB',
]);
const UNITS = new Map(
  SPELLINGS.flatMap(([unit, ...others]) => [unit!, ...others].map(name => [name, unit!])),
);

const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');

/** One text for all spellings of a unit: `kg` for `KG`, `Kg.` and `kilograms`. An unknown unit is its own. */
export function unitOf(text: string): string {
  const own = plain(text);
  return EXACT.has(own) ? own : (UNITS.get(own.toLowerCase()) ?? own.toLowerCase());
}

/** Whether a text is a unit that is known by name. */
export const isKnownUnit = (text: string): boolean =>
  EXACT.has(plain(text)) || UNITS.has(plain(text).toLowerCase());

/** Whether both units are written, and differ. */
export const areOtherUnits = (own: string | undefined, known: string | undefined): boolean =>
  own !== undefined && known !== undefined && unitOf(own) !== unitOf(known);

/** The unit around a number, as it is written; undefined for none. */
export function writtenUnit({ prefix = '', suffix = '' }: Pick<NumberText, 'prefix' | 'suffix'>) {
  const unit = `${prefix.trim()} ${suffix.trim()}`.trim();
  return unit === '' ? undefined : unit;
}

/** `weight [kg]`, `weight (kg)`: in round brackets only what is known as a unit is one. */
const BRACKETED = /^(.*\S)\s*(?:\[\s*([^[\]]+?)\s*\]|\(\s*([^()]+?)\s*\))$/u;
/** `weight_kg`. Short words such as `min` and `in` mean something else there. */
const JOINED = /^(.*[^\s_])[\s_]+(mg|kg|lbs?|oz|mm|cm|km|ft|ml|kwh?|mph|kmh|hz|usd|eur|gbp|pct)$/i;

/** The name of a column without the unit that it ends in, and that unit. */
export function splitName(name: string): { readonly base: string; readonly unit?: string } {
  const [, base = name, square, round] = BRACKETED.exec(name) ?? [];
  if (square !== undefined) return { base, unit: square };
  if (round !== undefined && isKnownUnit(round)) return { base, unit: round };
  const [, stem, unit] = JOINED.exec(name) ?? [];
  return stem !== undefined && unit !== undefined ? { base: stem, unit } : { base: name };
}
