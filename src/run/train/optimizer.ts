import { unknownName, usage } from '../../errors.ts';
import type { RunConfig } from '../folder/config.ts';
import { sgldDefaults, sgldSchema } from '../folder/schema/training.ts';
import type { TrainOptions } from './options.ts';

type Optimizer = Pick<RunConfig['training'], 'optimizer' | 'decay'>;

/**
 * The optimizer of a new run with its defaults, as its configuration stores it; `seen` rows are its N.
 * @throws usage for an unknown name or option, and for steps whose sum ends or whose squares do not
 */
export function optimizerOf({ optimizer = 'adam', decay }: TrainOptions, seen: number): Partial<Optimizer> {
  const { name, ...options } = typeof optimizer === 'string' ? { name: optimizer } : optimizer;
  const where = `optimizer ${name}`;
  if (name === 'adam') {
    requireOptions(where, options, []);
    if ((decay as string) === 'power')
      throw usage('decay has to be cosine or none', { where: 'train', got: decay });
    return {};
  }
  if (name !== 'sgld') throw unknownName('optimizer', String(name), ['adam', 'sgld']);
  if (decay !== undefined)
    throw usage('sgld has steps of its own, with Σε = ∞ and Σε² < ∞', {
      where: 'decay',
      got: decay,
      remedy: 'Leave --decay out, or say how fast they fall: --optimizer-options power=0.6',
    });
  requireOptions(where, options, [...Object.keys(sgldDefaults), 'rows']);
  const parsed = sgldSchema.safeParse({ name, ...sgldDefaults, rows: seen, ...options });
  if (parsed.success) return { optimizer: parsed.data, decay: 'power' };
  const { path, message } = parsed.error.issues[0]!;
  const [option] = path as [keyof typeof options];
  throw usage(`option "${option}" is out of range`, {
    where,
    got: options[option],
    expected: option === 'power' ? 'above 0.5 and at most 1: Σε = ∞, Σε² < ∞' : message,
  });
}

function requireOptions(where: string, options: object, known: readonly string[]): void {
  const stray = Object.keys(options).find(name => !known.includes(name));
  if (stray !== undefined) throw unknownName(`option of ${where}`, stray, known);
}
