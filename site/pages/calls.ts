import type { Work } from './work/index.ts';

/** What a call reports on the way. */
export type News = Readonly<Record<string, unknown>>;

type Args<K extends keyof Work> = Parameters<Work[K]>[0];
type Result<K extends keyof Work> = Awaited<ReturnType<Work[K]>>;

interface Open {
  resolve(value: unknown): void;
  reject(fault: Error): void;
  onNews(news: News): void;
}

/** onnxruntime, 14 MB beside the pages: what the file holds; its address, if that does not come. */
async function runtime(): Promise<ArrayBuffer | string> {
  const { href } = new URL('ort-wasm-simd-threaded.wasm', document.baseURI);
  try {
    const reply = await fetch(href);
    return reply.ok ? await reply.arrayBuffer() : href;
  } catch {
    return href;
  }
}

/**
 * The worker of a page: it computes, so that the page stays free. One call runs at a time. The page asks for
 * the runtime, so that it comes at the same time as the code of the worker.
 */
export function openWorker() {
  const loading = runtime();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  loading.then(file => worker.postMessage({ runtime: file }, typeof file === 'string' ? [] : [file]));
  const open = new Map<number, Open>();
  let last = 0;
  worker.addEventListener('message', ({ data: { id, news, value, fault } }) => {
    const call = open.get(id);
    if (news) return call?.onNews(news);
    open.delete(id);
    if (fault) call?.reject(Object.assign(new Error(fault.message), { name: fault.name }));
    else call?.resolve(value);
  });
  worker.addEventListener('error', ({ message }) => {
    for (const { reject } of open.values()) reject(new Error(message || 'The worker did not start'));
    open.clear();
  });
  return {
    /** Calls a function of the worker. `onNews` receives what it reports on the way. */
    call: <K extends keyof Work>(name: K, args: Args<K>, onNews: (news: News) => void = () => {}) =>
      new Promise<Result<K>>((resolve, reject) => {
        open.set(++last, { resolve: resolve as Open['resolve'], reject, onNews });
        worker.postMessage({ id: last, name, args });
      }),
    /** Breaks off what runs; its call is rejected with an AbortError. */
    stop: (): void => worker.postMessage({ stop: true }),
  };
}

/** Whether a call was broken off by `stop`. */
export const isStop = (fault: unknown): boolean => (fault as Error).name === 'AbortError';
