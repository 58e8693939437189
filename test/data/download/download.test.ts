import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { downloadFrom } from '../../../src/data/download/index.ts';
import type { Source } from '../../../src/data/download/sources.ts';
import { untar } from '../../../src/data/download/untar.ts';
import { download, openDataset } from '../../../src/data/index.ts';

const content = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 31) % 251));
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const source = (files: Source['files']): Source => ({
  base: 'http://unused.invalid/',
  files,
  train: 'a.bin',
  test: 'b.bin',
});
const one = source([{ name: 'a.bin', md5: md5(content) }]);
const folder = () => mkdtempSync(join(tmpdir(), 'download-'));

let mirror = '';
const asked: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => {
  asked.push(`${request.url} ${request.headers.range ?? 'whole'}`);
  answer(request, response);
});
beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  answer = whole;
});

const whole = (_request: IncomingMessage, response: ServerResponse) => response.end(content);
const ranges = (request: IncomingMessage, response: ServerResponse) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': content.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  response.end(content.subarray(from));
};

describe('downloads', () => {
  test('a file is fetched once, with progress, and gets its name at the end', async () => {
    const out = folder();
    const seen: number[] = [];
    const { train } = await downloadFrom(one, { out, mirror, onProgress: ({ bytes }) => seen.push(bytes) });
    expect(readFileSync(train)).toEqual(content);
    expect(seen.at(-1)).toBe(content.length);
    expect(readdirSync(out)).toEqual(['a.bin']);
    await downloadFrom(one, { out, mirror });
    expect(asked).toEqual(['/files/a.bin whole']);
  });

  test('a broken connection leaves a part, and the next call requests only the rest', async () => {
    const out = folder();
    let sending: ServerResponse | undefined;
    answer = (_request, response) => {
      sending = response;
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 20_000));
    };
    const onProgress = () => sending?.destroy();
    await expect(downloadFrom(one, { out, mirror, onProgress })).rejects.toThrow('the connection broke');
    expect(readdirSync(out)).toEqual(['a.bin.part']);
    const kept = readFileSync(join(out, 'a.bin.part')).length;
    expect(kept).toBeGreaterThan(0);
    answer = ranges;
    await downloadFrom(one, { out, mirror });
    expect(asked.at(-1)).toBe(`/files/a.bin bytes=${kept}-`);
    expect(readFileSync(join(out, 'a.bin'))).toEqual(content);
  });

  test('a server that sends no parts, or the wrong part, is asked for the whole file', async () => {
    for (const odd of [
      whole,
      (request: IncomingMessage, response: ServerResponse) => {
        if (!request.headers.range) return response.end(content);
        response.writeHead(206, { 'content-range': `bytes 0-9/${content.length}` });
        return response.end(content.subarray(0, 10));
      },
      (request: IncomingMessage, response: ServerResponse) =>
        request.headers.range ? response.writeHead(416).end() : response.end(content),
    ]) {
      answer = odd;
      const out = folder();
      writeFileSync(join(out, 'a.bin.part'), content.subarray(0, 500));
      await downloadFrom(one, { out, mirror });
      expect(readFileSync(join(out, 'a.bin'))).toEqual(content);
    }
  });

  test('wrong contents are refused and removed, and a complete part needs no connection', async () => {
    const out = folder();
    answer = (_request, response) => response.end('something else');
    await expect(downloadFrom(one, { out, mirror })).rejects.toThrow('wrong checksum, and was removed');
    expect(readdirSync(out)).toEqual([]);
    writeFileSync(join(out, 'a.bin.part'), content);
    await downloadFrom(one, { out, mirror });
    expect(asked.length).toBe(1);
  });

  test('a file of that name with other contents is never overwritten', async () => {
    const out = folder();
    writeFileSync(join(out, 'a.bin'), 'mine');
    await expect(downloadFrom(one, { out, mirror })).rejects.toThrow('a file of this name is there');
    expect(readFileSync(join(out, 'a.bin'), 'utf8')).toBe('mine');
  });

  test('endless answers, refusals, silence and aborts end with a clear error', async () => {
    await expect(downloadFrom(one, { out: folder(), mirror, maxBytes: 1000 })).rejects.toThrow(
      'more than the file can be',
    );
    answer = (_request, response) => response.writeHead(404, 'Not Found').end();
    await expect(downloadFrom(one, { out: folder(), mirror })).rejects.toThrow(
      'the server does not have the file; got "404 Not Found"',
    );
    await expect(downloadFrom(one, { out: folder(), mirror: 'http://127.0.0.1:1/' })).rejects.toThrow(
      'does not answer',
    );
    const controller = new AbortController();
    answer = () => controller.abort();
    await expect(
      downloadFrom(one, { out: folder(), mirror, signal: controller.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('unknown names, and mirrors that are not addresses, are refused before anything is done', async () => {
    await expect(download('mnits')).rejects.toThrow('Unknown data set "mnits". Did you mean "mnist"?');
    await expect(download('mnist', { mirror: 'file:///etc/' })).rejects.toThrow(
      'not the address of a mirror',
    );
    expect(asked).toEqual([]);
  });
});

/** A tar archive as the usual tool writes it. */
const tar = (files: readonly (readonly [name: string, data: Uint8Array, type?: string])[]): Buffer =>
  Buffer.concat([
    ...files.map(([name, data, type = '0']) => {
      const header = Buffer.alloc(512);
      header.write(name, 0, 'latin1');
      header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
      header.write('        ', 148);
      header.write(type, 156);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
      return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
    }),
    Buffer.alloc(1024),
  ]);

describe('tar archives', () => {
  const files = [
    ['top/', Buffer.alloc(0), '5'],
    ['top/a.bin', content],
    ['../../b.bin', Buffer.from('b')],
  ] as const;

  test('regular files are extracted under their base names, whatever their paths', () => {
    expect([...untar(tar(files), 't')].map(([name, data]) => [name, data.length])).toEqual([
      ['a.bin', 50_000],
      ['b.bin', 1],
    ]);
  });

  test('damage gives files or a clear error', () => {
    const bytes = tar(files);
    expect(() => untar(bytes.subarray(0, 5_000), 't')).toThrow('t: the tar archive is cut short');
    expect(() =>
      untar(
        tar([
          ['a', content],
          ['x/a', content],
        ]),
        't',
      ),
    ).toThrow('a name twice');
    fc.assert(
      fc.property(fc.nat({ max: 2_000 }), fc.nat({ max: 255 }), (at, value) => {
        const copy = Buffer.from(bytes);
        copy[at] = value;
        try {
          untar(copy, 't');
        } catch (error) {
          expect(String(error)).toMatch(/^LangevinError: t: /);
        }
      }),
    );
  });

  test('CIFAR-10’s archive becomes a folder that opens', async () => {
    const batch = (level: number) => Buffer.concat([Buffer.of(1), Buffer.alloc(3072, level)]);
    const archive = gzipSync(
      tar([
        ['cifar/data_batch_1.bin', batch(5)],
        ['cifar/test_batch.bin', batch(9)],
        ['cifar/readme.html', batch(0)],
      ]),
    );
    answer = (_request, response) => response.end(archive);
    const cifar: Source = {
      base: 'http://unused.invalid/',
      files: [{ name: 'c.tar.gz', md5: md5(archive), unpack: true }],
      train: '.',
      test: 'test_batch.bin',
    };
    const { train, test: held, folder: out } = await downloadFrom(cifar, { out: folder(), mirror });
    expect(readdirSync(out).sort()).toEqual(['c.tar.gz', 'data_batch_1.bin', 'test_batch.bin']);
    expect((await openDataset(train)).all!().data[0]).toBe(5);
    expect((await openDataset(held)).all!().data[0]).toBe(9);
  });
});
