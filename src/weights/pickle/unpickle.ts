import { failure } from '../../errors.ts';
import { type Cursor, makeCursor } from './cursor.ts';
import { append, dict, type Machine, makeMachine, type PickleHost, setItems, tuple } from './machine.ts';
import { kindOf, type PickleValue } from './values.ts';

interface Scene {
  readonly machine: Machine;
  readonly cursor: Cursor;
  readonly host: PickleHost;
  readonly where: string;
}

type Opcode = (scene: Scene) => void;

const code = (letter: string) => letter.charCodeAt(0);

/** Opcodes for plain data and structure. They can neither name nor call anything. */
const DATA: readonly (readonly [number, Opcode])[] = [
  [0x80, ({ cursor, machine }) => checkProtocol(cursor.byte(), machine)],
  [0x95, ({ cursor }) => cursor.expect(cursor.long())],
  [code('('), ({ machine }) => machine.mark()],
  [code('N'), ({ machine }) => machine.push(null)],
  [0x88, ({ machine }) => machine.push(true)],
  [0x89, ({ machine }) => machine.push(false)],
  [code('J'), ({ machine, cursor }) => machine.push(cursor.int32())],
  [code('K'), ({ machine, cursor }) => machine.push(cursor.byte())],
  [code('M'), ({ machine, cursor }) => machine.push(cursor.short())],
  [0x8a, ({ machine, cursor }) => machine.push(cursor.integer(cursor.byte()))],
  [code('G'), ({ machine, cursor }) => machine.push(cursor.double())],
  [code('X'), ({ machine, cursor }) => machine.push(cursor.text(cursor.uint32()))],
  [0x8c, ({ machine, cursor }) => machine.push(cursor.text(cursor.byte()))],
  [0x8d, ({ machine, cursor }) => machine.push(cursor.text(cursor.long()))],
  [code('U'), ({ machine, cursor }) => machine.push(cursor.text(cursor.byte()))],
  [code('T'), ({ machine, cursor }) => machine.push(cursor.text(cursor.uint32()))],
  [code(']'), ({ machine }) => machine.push({ kind: 'list', items: [] })],
  [code(')'), ({ machine }) => machine.push(tuple([]))],
  [code('}'), ({ machine }) => machine.push(dict())],
  [code('t'), ({ machine }) => machine.push(tuple(machine.popToMark()))],
  [0x85, ({ machine }) => machine.push(tuple(last(machine, 1)))],
  [0x86, ({ machine }) => machine.push(tuple(last(machine, 2)))],
  [0x87, ({ machine }) => machine.push(tuple(last(machine, 3)))],
  [code('a'), ({ machine }) => withTarget(machine, last(machine, 1), append)],
  [code('e'), ({ machine }) => withTarget(machine, machine.popToMark(), append)],
  [code('s'), ({ machine }) => withTarget(machine, last(machine, 2), setItems)],
  [code('u'), ({ machine }) => withTarget(machine, machine.popToMark(), setItems)],
  [code('q'), ({ machine, cursor }) => machine.remember(cursor.byte())],
  [code('r'), ({ machine, cursor }) => machine.remember(cursor.uint32())],
  [0x94, ({ machine }) => machine.rememberNext()],
  [code('h'), ({ machine, cursor }) => machine.recall(cursor.byte())],
  [code('j'), ({ machine, cursor }) => machine.recall(cursor.uint32())],
];

/** The few opcodes that use names. A name is looked up in the host's allow-list and nowhere else. */
const NAMES: readonly (readonly [number, Opcode])[] = [
  [code('c'), scene => pushName(scene, scene.cursor.line(), scene.cursor.line())],
  [0x93, stackGlobal],
  [code('R'), reduce],
  [code('b'), build],
  [
    code('Q'),
    ({ machine, host }) => {
      const id = machine.pop();
      if (id === null || typeof id !== 'object' || id.kind !== 'tuple')
        throw machine.fail('a persistent id that is not a tuple', kindOf(id));
      machine.push(host.persistent(id));
    },
  ],
];

const OPCODES: ReadonlyMap<number, Opcode> = new Map([...DATA, ...NAMES]);

/**
 * Reads one pickle (protocols 2 to 5) as data. It supports only the opcodes of Python that weights need, and
 * only the names that the host allows. Nothing is ever imported, looked up or run. Returns the value and the
 * position where the pickle ends.
 * @throws failure, naming `where` and the opcode or name, for everything else
 */
export function unpickle(
  bytes: Uint8Array,
  where: string,
  host: PickleHost,
  start = 0,
): { value: PickleValue; end: number } {
  const cursor = makeCursor(bytes, where, start);
  const machine = makeMachine(where);
  const scene: Scene = { machine, cursor, host, where };
  for (let opcode = cursor.byte(); opcode !== code('.'); opcode = cursor.byte()) {
    const act = OPCODES.get(opcode);
    if (!act) throw refused(where, `the opcode 0x${opcode.toString(16).padStart(2, '0')}`);
    act(scene);
  }
  return { value: machine.pop(), end: cursor.at() };
}

const refused = (where: string, what: string) =>
  failure(`refused: the pickle asks for ${what}, which weights do not need`, {
    where,
    remedy: 'Nothing in it was run. Save the state_dict alone, or write safetensors.',
  });

function checkProtocol(protocol: number, machine: Machine): void {
  if (!(protocol >= 2 && protocol <= 5)) throw machine.fail('an unknown protocol', protocol);
}

function last(machine: Machine, count: number): PickleValue[] {
  const items: PickleValue[] = [];
  for (let i = 0; i < count; i++) items.unshift(machine.pop());
  return items;
}

const withTarget = (
  machine: Machine,
  items: readonly PickleValue[],
  act: (machine: Machine, target: PickleValue, items: readonly PickleValue[]) => void,
) => act(machine, machine.peek(), items);

function pushName({ machine, host, where }: Scene, module: string, qualified: string): void {
  const name = `${module}.${qualified}`;
  if (!host.allows(name)) throw refused(where, `the name ${JSON.stringify(name)}`);
  machine.push({ kind: 'global', name });
}

function stackGlobal(scene: Scene): void {
  const [module, name] = last(scene.machine, 2);
  if (typeof module !== 'string' || typeof name !== 'string')
    throw scene.machine.fail('a name that is not text');
  pushName(scene, module, name);
}

function reduce({ machine, host }: Scene): void {
  const [callee, args] = last(machine, 2) as [PickleValue, PickleValue];
  if (callee === null || typeof callee !== 'object' || callee.kind !== 'global')
    throw machine.fail('it calls a value that is not a name', kindOf(callee));
  if (args === null || typeof args !== 'object' || args.kind !== 'tuple')
    throw machine.fail('it calls with a value that is not a tuple', kindOf(args));
  // A call can copy its arguments, and many calls can get the same list.
  for (const item of args.items) machine.spend(64 * lengthOf(item));
  machine.push(host.reduce(callee.name, args.items));
}

const lengthOf = (value: PickleValue): number =>
  typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple') ? value.items.length : 1;

/** Reads attributes, such as an OrderedDict's `_metadata`, and drops them. Only a dict may have them. */
function build({ machine }: Scene): void {
  machine.pop();
  const target = machine.peek();
  if (target === null || typeof target !== 'object' || target.kind !== 'dict')
    throw machine.fail('it gives attributes to a value that is not a dict', kindOf(target));
}
