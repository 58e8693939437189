import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readWeights } from '../../src/weights/index.ts';
import { unpickle } from '../../src/weights/pickle/unpickle.ts';
import { bytesSource } from '../../src/weights/source.ts';
import { torchHost } from '../../src/weights/torch/host.ts';
import { openTorch } from '../../src/weights/torch/read.ts';
import { archive, assemble, fixture, fixtureBytes, int, open, pickleOf, text } from './support.ts';

const marker = join(mkdtempSync(join(tmpdir(), 'pickle-')), 'ran');
const command = `touch ${marker}`;

/** Each would run a command, open a file or exhaust memory in an unpickler that trusts its input. */
const MALICIOUS: readonly (readonly [what: string, pickle: Uint8Array, refusal: RegExp])[] = [
  [
    'os.system by GLOBAL and REDUCE',
    assemble('\x80\x02cos\nsystem\n', text(command), '\x85R.'),
    /the name "os\.system"/,
  ],
  [
    'posix.system hidden after valid weights',
    assemble('\x80\x02}', text('w'), 'cposix\nsystem\n', text(command), '\x85Rs.'),
    /the name "posix\.system"/,
  ],
  [
    'builtins.eval by STACK_GLOBAL (protocol 4)',
    assemble('\x80\x04\x8c\x08builtins\x8c\x04eval\x93', text('1'), '\x85R.'),
    /the name "builtins\.eval"/,
  ],
  [
    'a name inside an allowed module',
    assemble('\x80\x02ctorch._utils\n_import_dotted_name\n', text('os.system'), '\x85R.'),
    /the name "torch\._utils\._import_dotted_name"/,
  ],
  [
    'a dotted way out of an allowed class (STACK_GLOBAL)',
    assemble('\x80\x04', text('collections'), text('OrderedDict.__init__.__globals__'), '\x93.'),
    /the name "collections\.OrderedDict\.__init__\.__globals__"/,
  ],
  ['a class made by NEWOBJ', assemble('\x80\x02ctorch\nFloatStorage\n)\x81.'), /the opcode 0x81/],
  ['a class made by INST (protocol 0)', assemble('(S"', command, '"\nios\nsystem\n.'), /the opcode 0x53/],
  ['OBJ', assemble('\x80\x02(cos\nsystem\n', text(command), 'o.'), /the name "os\.system"/],
  ['an extension code', assemble('\x80\x02\x82\x01.'), /the opcode 0x82/],
  [
    'torch’s own loader of nested pickles',
    assemble('\x80\x02ctorch.storage\n_load_from_bytes\n', text('x'), '\x85R.'),
    /the name "torch\.storage\._load_from_bytes"/,
  ],
  [
    'attributes set on a name (BUILD)',
    assemble('\x80\x02ccollections\nOrderedDict\n}', text('__reduce__'), int(1), 'sb.'),
    /gives attributes to a value that is not a dict/,
  ],
  [
    'a name called that only stands for a type',
    assemble('\x80\x02ctorch\nFloatStorage\n', int(1e9), '\x85R.'),
    /the pickle calls torch\.FloatStorage/,
  ],
  [
    'a call of what is not a name',
    assemble('\x80\x02', text('os.system'), text(command), '\x85R.'),
    /calls a value that is not a name; got "string"/,
  ],
  ['a text of 4 GiB', assemble('\x80\x02X\xff\xff\xff\xff', 'x.'), /cut short; got "a length of 4294967295/],
  [
    'a text of 2^63 bytes',
    assemble('\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f', 'x.'),
    /the pickle is cut short/,
  ],
  ['endless nesting', assemble('\x80\x02', '('.repeat(5_000), '.'), /nested too deeply/],
  ['a stack without end', assemble('\x80\x02', 'N'.repeat(2 ** 20 + 1), '.'), /stack is too large/],
  [
    'a memo that is never stored',
    assemble('\x80\x02j\xff\xff\xff\xff.'),
    /recalls a value that it never stored/,
  ],
  ['a key twice', assemble('\x80\x02}(', text('w'), 'N', text('w'), 'Nu.'), /a key twice; got "w"/],
  [
    'a storage that is a path',
    assemble(
      '\x80\x02(',
      text('module'),
      'ctorch\nFloatStorage\n',
      text('/etc/passwd'),
      text('cpu'),
      int(1),
      'tQ.',
    ),
    /a damaged or unknown storage/,
  ],
];

describe('malicious pickles', () => {
  test.each(MALICIOUS)('%s is refused, and nothing runs', async (_what, pickle, refusal) => {
    await expect(open(archive(pickle))).rejects.toThrow(refusal);
    expect(existsSync(marker)).toBe(false);
  });

  test('a whole module and a sparse tensor, as torch saves them, are refused by their names', async () => {
    await expect(readWeights(fixture('whole-module.pth'))).rejects.toThrow('the name "__main__.Net"');
    await expect(readWeights(fixture('sparse.pth'))).rejects.toThrow(
      'the name "torch._utils._rebuild_sparse_tensor"',
    );
  });

  test('references that double at each level cost nothing, and are not weights', async () => {
    const doubling = assemble('\x80\x02', text('ha'), ...Array<string>(200).fill('q\x00h\x00\x86'), '.');
    await expect(readFrom(archive(doubling))).rejects.toThrow('a checkpoint of an unknown layout');
  });

  test('a list that contains itself is harmless', async () => {
    await expect(readFrom(archive(assemble('\x80\x02]q\x00h\x00a.')))).rejects.toThrow('layout');
  });
});

/** Opens and reads everything, like an import. */
async function readFrom(bytes: Uint8Array) {
  const { chooseWeights } = await import('../../src/weights/checkpoint.ts');
  const { readTensors } = await import('../../src/weights/torch/read.ts');
  const source = bytesSource(bytes, 'file.pth');
  const file = await openTorch(source);
  return readTensors(file, chooseWeights(file.root, undefined, 'file.pth').refs, source);
}

const isClear = (error: unknown) => expect(String(error)).toMatch(/^LangevinError: file\.pth/);

describe('damaged checkpoints', () => {
  test.each(['checkpoint.pth', 'checkpoint-legacy.pth', 'state-dict-protocol-4.pth'])(
    '%s cut anywhere is refused with a clear error',
    async name => {
      const bytes = fixtureBytes(name);
      for (let length = 0; length < bytes.length; length += 37)
        await readFrom(bytes.subarray(0, length)).then(() => expect.fail(`read at ${length}`), isClear);
    },
  );

  test.each(['views.pth', 'views-legacy.pth', 'checkpoint.pth'])(
    '%s with any byte changed gives tensors or a clear error',
    async name => {
      const bytes = fixtureBytes(name);
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), async (at, value) => {
          const copy = Uint8Array.from(bytes);
          copy[at] = value;
          await readFrom(copy).catch(isClear);
        }),
        { numRuns: 400 },
      );
    },
  );

  test('random opcodes give at most a clear error', () => {
    const byte = fc.oneof(
      fc.nat({ max: 255 }),
      fc.constantFrom(...Buffer.from('(}])tueasqhrjcRbQKMXGN.\x85\x93\x94')),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), opcodes => {
        try {
          unpickle(Uint8Array.from([0x80, 2, ...opcodes]), 'file.pth', torchHost('file.pth'));
        } catch (error) {
          isClear(error);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  const view = { offset: 0, shape: [2], strides: [1] };
  const whole = { 'archive/data/0': new Uint8Array(8) };

  test('storages that are missing, short or long are named', async () => {
    await expect(readFrom(archive(pickleOf(view, 2)))).rejects.toThrow('storage "0": a storage is missing');
    for (const length of [0, 7, 12])
      await expect(
        readFrom(archive(pickleOf(view, 2), { 'archive/data/0': new Uint8Array(length) })),
      ).rejects.toThrow('storage "0": a storage of the wrong length');
    await expect(readFrom(archive(pickleOf(view, -2), whole))).rejects.toThrow(
      'impossible length of a storage',
    );
  });

  test('a bit flipped in the numbers is detected by the checksum', async () => {
    const bytes = archive(pickleOf(view, 2), { 'archive/data/0': Buffer.from('abcdefgh') });
    bytes[Buffer.from(bytes).indexOf('abcdefgh')]! ^= 1;
    await expect(readFrom(bytes)).rejects.toThrow('"archive/data/0": damaged: the checksum differs');
  });

  test('numbers stored high byte first are refused', async () => {
    const bytes = archive(pickleOf(view, 2), { ...whole, 'archive/byteorder': Buffer.from('big') });
    await expect(readFrom(bytes)).rejects.toThrow('high byte first');
  });

  test('other archives and other files are refused', async () => {
    await expect(readFrom(zipSync({ 'a.txt': Buffer.from('hello') }))).rejects.toThrow(
      'a zip without data.pkl',
    );
    await expect(
      readFrom(archive(pickleOf(view, 2), { 'archive/constants.pkl': Buffer.from('x') })),
    ).rejects.toThrow('TorchScript');
    await expect(readFrom(Buffer.from('GIF89a...'))).rejects.toThrow('a GIF picture');
    await expect(readFrom(assemble('\x80\x02}.'))).rejects.toThrow('not a file that torch.save wrote');
    await expect(readWeights('no-such-file.pth')).rejects.toThrow('no-such-file.pth: no such file');
  });
});
