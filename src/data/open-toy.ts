import { usage } from '../errors.ts';
import type { Dataset } from './contract.ts';
import { densityDataset } from './density.ts';
import type { FiniteOptions } from './finite.ts';
import { type ToyName, toys } from './toys/index.ts';
import { identity } from './units/transform.ts';

/** A toy density as a data set. @throws usage for an option of files */
export function openToy(name: ToyName, options: Pick<FiniteOptions, 'scaling' | 'transform'>): Dataset {
  const unusedOption = (
    [
      'columns',
      'exclude',
      'dropUnusable',
      'delimiter',
      'decimal',
      'header',
      'encoding',
      'dropRows',
      'missing',
      'kinds',
      'dequantize',
      'array',
      'size',
      'background',
      'flips',
      'stream',
      'shape',
      'levels',
      'labels',
    ] as const
  ).find(option => {
    const value = (options as Readonly<Record<string, unknown>>)[option];
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  });
  if (unusedOption || options.transform?.bins)
    throw usage(`a toy density takes no ${unusedOption ?? 'bins'}`, {
      where: name,
      remedy: 'It is real-valued and has no columns.',
    });
  const toy = toys[name];
  const raw = options.scaling === 'none' ? identity(toy.mean.length) : undefined;
  return densityDataset(toy, options.transform ?? raw);
}
