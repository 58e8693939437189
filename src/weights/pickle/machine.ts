import { failure, type LangevinError } from '../../errors.ts';
import {
  isKey,
  kindOf,
  type PickleDict,
  type PickleKey,
  type PickleTuple,
  type PickleValue,
} from './values.ts';

/** What the reader of one file format adds to a pickle. The pickle can reach nothing else. */
export interface PickleHost {
  /**
   * The full names that are allowed (`collections.OrderedDict`). Each is plain text until `reduce` interprets
   * it.
   */
  allows(name: string): boolean;
  /** The meaning of calling an allowed name. */
  reduce(name: string, args: readonly PickleValue[]): PickleValue;
  /** The meaning of a persistent id, which refers to something outside the pickle. */
  persistent(id: PickleTuple): PickleValue;
}

const MAX_STACK = 2 ** 20;
const MAX_MARKS = 1_000;
/** Memory limit for all values of a pickle, in bytes. The largest published checkpoints use a tenth of it. */
const MAX_BYTES = 2 ** 27;

export interface Machine {
  /** Subtracts bytes from the allowance of this pickle before they are used. */
  spend(bytes: number): void;
  push(value: PickleValue): void;
  pop(): PickleValue;
  peek(): PickleValue;
  mark(): void;
  /** The values above the last mark; removes them and the mark. */
  popToMark(): PickleValue[];
  remember(index: number): void;
  rememberNext(): void;
  recall(index: number): void;
  fail(what: string, got?: unknown): LangevinError;
}

/** The memory of one slot for a value, in bytes. */
const PLACE = 16;

/**
 * Approximate bytes of a value, without its slot in its container. An empty dict has room for its first
 * entries.
 */
function weightOf(value: PickleValue): number {
  if (typeof value === 'string') return 32 + 2 * value.length;
  if (value === null || typeof value !== 'object') return PLACE;
  return value.kind === 'dict' || value.kind === 'opaque' ? 400 : 64;
}

/** A bounded stack, memo and set of values. It never traverses a value, so depth and cycles cost nothing. */
export function makeMachine(where: string): Machine {
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo = new Map<number, PickleValue>();
  const floor = () => marks.at(-1) ?? 0;
  const fail = (what: string, got?: unknown) =>
    failure(`not a supported pickle: ${what}`, { where, ...(got !== undefined && { got }) });
  const allowance = { left: MAX_BYTES };
  const place = (value: PickleValue) => {
    if (stack.length >= MAX_STACK) throw fail('its stack is too large', stack.length);
    stack.push(value);
  };
  const machine: Machine = {
    spend: bytes => {
      allowance.left -= bytes;
      if (allowance.left < 0)
        throw fail('it creates more than weights need', `over ${MAX_BYTES} bytes of values`);
    },
    push: value => {
      machine.spend(weightOf(value));
      place(value);
    },
    pop: () => {
      if (stack.length <= floor()) throw fail('it takes from an empty stack');
      return stack.pop()!;
    },
    peek: () => {
      if (stack.length <= floor()) throw fail('it looks at an empty stack');
      return stack.at(-1)!;
    },
    mark: () => {
      if (marks.length >= MAX_MARKS) throw fail('it is nested too deeply', marks.length);
      marks.push(stack.length);
    },
    popToMark: () => {
      const at = marks.pop();
      if (at === undefined) throw fail('a mark is missing');
      return stack.splice(at);
    },
    remember: index => {
      if (memo.size >= MAX_STACK && !memo.has(index)) throw fail('its memo is too large', memo.size);
      memo.set(index, machine.peek());
    },
    rememberNext: () => machine.remember(memo.size),
    recall: index => {
      const value = memo.get(index);
      if (value === undefined) throw fail('it recalls a value that it never stored', index);
      machine.spend(PLACE);
      place(value);
    },
    fail,
  };
  return machine;
}

/**
 * Adds pairs to a dict. It rejects a repeated key, because a later tensor would silently hide an earlier one.
 */
export function setItems(machine: Machine, target: PickleValue, flat: readonly PickleValue[]): void {
  if (target === null || typeof target !== 'object' || target.kind !== 'dict' || flat.length % 2 !== 0)
    throw machine.fail('it sets items of a value that is not a dict', kindOf(target));
  for (let i = 0; i < flat.length; i += 2) addEntry(machine, target, flat[i]!, flat[i + 1]!);
}

function addEntry(machine: Machine, { entries }: PickleDict, key: PickleValue, value: PickleValue): void {
  if (!isKey(key)) throw machine.fail('a key that is not a name or number', kindOf(key));
  if (entries.has(key)) throw machine.fail('a key twice', key);
  entries.set(key, value);
}

export function append(machine: Machine, target: PickleValue, items: readonly PickleValue[]): void {
  if (target === null || typeof target !== 'object' || target.kind !== 'list')
    throw machine.fail('it appends to a value that is not a list', kindOf(target));
  for (const item of items) target.items.push(item);
}

export const tuple = (items: readonly PickleValue[]): PickleTuple => ({ kind: 'tuple', items });

export const dict = (): PickleDict => ({ kind: 'dict', entries: new Map<PickleKey, PickleValue>() });
