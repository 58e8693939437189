/**
 * A factory that carries what it declares: a row of a table such as `grids`. `grids.karras()` makes a grid,
 * and `grids.karras.evenIn` says in which quantity its times are equally spaced.
 * @typeParam F - the factory
 * @typeParam T - what it declares
 */
export const withTraits = <F extends (...args: never[]) => unknown, const T extends object>(
  make: F,
  traits: T,
): F & Readonly<T> =>
  Object.freeze(Object.assign((...args: Parameters<F>) => make(...args), traits)) as F & Readonly<T>;
