/**
 * The allowed contents of a pickle: plain data, names from an allow-list, and the results of calling those
 * names.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleOpaque;

export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

/** A dict or OrderedDict, in its own order. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<PickleKey, PickleValue>;
}

export type PickleKey = null | boolean | number | bigint | string;

/** A name from the allow-list, such as `torch.FloatStorage`, as text. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** A value that a reader of pickles made; only that reader looks inside. */
export interface PickleOpaque {
  readonly kind: 'opaque';
  readonly value: object;
}

export const kindOf = (value: PickleValue): string =>
  value === null
    ? 'None'
    : typeof value !== 'object'
      ? typeof value
      : value.kind === 'global'
        ? value.name
        : value.kind;

export const isKey = (value: PickleValue): value is PickleKey => value === null || typeof value !== 'object';
