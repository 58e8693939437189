import { constants, type FunctionName, functions, type RuleName } from './functions.ts';
import { formulaError, type Name, scan } from './scan.ts';
import { call, number, type Tree } from './tree.ts';

const MAX_DEPTH = 150;

const operators: Readonly<Record<string, RuleName>> = {
  add: 'add',
  subtract: 'subtract',
  multiply: 'multiply',
  divide: 'divide',
  pow: 'pow',
  unaryMinus: 'negate',
};

/** The parts of a mathjs node that are read. Its own evaluation is never called. */
interface Parsed {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string;
  readonly fn?: string | { readonly name: string };
  readonly args?: readonly Parsed[];
  readonly content?: Parsed;
}

/**
 * Parses a formula in the given variables with the grammar of mathjs (`^` binds to the right and before the
 * sign) into a vetted tree. Throws a usage error with the place of anything that is not on the allow-list.
 * Loads mathjs on the first call.
 */
export async function parseFormula(text: string, variables: readonly string[]): Promise<Tree> {
  const names = scan(text, variables);
  const { parse } = await import('mathjs/number');
  let parsed: Parsed;
  try {
    parsed = parse(text) as Parsed;
  } catch (error) {
    const { message, char } = error as { message: string; char?: number };
    throw formulaError(text, Math.min((char ?? 1) - 1, text.length), message.replace(/ \(char \d+\)$/, ''));
  }
  return vet(parsed, { text, names: names.values(), at: 0 }, 0);
}

/** mathjs does not keep positions, but its names come in the order of the text. `names` follows them. */
interface Walk {
  readonly text: string;
  readonly names: Iterator<Name>;
  at: number;
}

function vet(node: Parsed, walk: Walk, depth: number): Tree {
  if (depth > MAX_DEPTH) throw formulaError(walk.text, walk.at, `more than ${MAX_DEPTH} operations deep`);
  const inner = (child: Parsed) => vet(child, walk, depth + 1);
  if (node.type === 'ConstantNode' && typeof node.value === 'number' && Number.isFinite(node.value)) {
    return number(node.value);
  }
  if (node.type === 'ParenthesisNode' && node.content) return inner(node.content);
  if (node.type === 'SymbolNode' && node.name) {
    walk.at = nextName(walk);
    const constant = Object.hasOwn(constants, node.name) ? constants[node.name] : undefined;
    return constant === undefined ? { kind: 'variable', name: node.name } : number(constant);
  }
  if (node.type === 'OperatorNode' && typeof node.fn === 'string' && node.args) {
    const args = node.args.map(inner);
    if (node.fn === 'unaryPlus') return args[0]!;
    const rule = Object.hasOwn(operators, node.fn) ? operators[node.fn] : undefined;
    if (rule) return call(rule, ...args);
  }
  if (node.type === 'FunctionNode' && typeof node.fn === 'object' && node.args) {
    walk.at = nextName(walk);
    return vetCall(node.fn.name, node.args, walk, inner);
  }
  throw formulaError(walk.text, walk.at, `a formula cannot hold this (${node.type})`);
}

function vetCall(name: string, args: readonly Parsed[], walk: Walk, inner: (child: Parsed) => Tree): Tree {
  const rule = name as FunctionName;
  const [least, most] = functions[rule].arity;
  if (args.length < least || args.length > most) {
    const expected = least === most ? `${least}` : `${least} to ${most}`;
    throw formulaError(walk.text, walk.at, `"${name}" takes ${expected} argument(s), not ${args.length}`);
  }
  const [first, ...rest] = args.map(inner);
  return rest.length === 0
    ? call(rule, first!)
    : rest.reduce((left, right) => call(rule, left, right), first!);
}

const nextName = (walk: Walk): number => walk.names.next().value?.at ?? walk.at;
