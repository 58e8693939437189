import { unitOf } from './unit-names.ts';

/** Units of one quantity, each with how many of the first unit it is. */
const QUANTITIES: readonly Readonly<Record<string, number>>[] = [
  { g: 1, mg: 0.001, kg: 1000, oz: 28.349523125, lb: 453.59237 },
  { m: 1, mm: 0.001, cm: 0.01, km: 1000, in: 0.0254, ft: 0.3048, yd: 0.9144, mi: 1609.344 },
  { l: 1, ml: 0.001, gal: 3.785411784 },
  { s: 1, min: 60, h: 3600, d: 86_400 },
  { '%': 1 },
  { 'km/h': 1, mph: 1.609344 },
  { 'm²': 1, 'ft²': 0.09290304 },
];

/** How many of the unit `to` one of `from` is: 100 for m in cm. Undefined for units of unlike quantities. */
export function unitFactor(from: string, to: string): number | undefined {
  const [own, other] = [unitOf(from), unitOf(to)];
  const units = QUANTITIES.find(each => Object.hasOwn(each, own) && Object.hasOwn(each, other));
  return units && units[own]! / units[other]!;
}
