import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const tfjs = (file: string) => join(root, 'node_modules/@tensorflow/tfjs-core/dist', file);
const gradientOf = (kernel: string) => `gradients/${kernel}_grad.js`;

/** The operations and kernels that a file of tfjs names. */
function namesIn(file: string) {
  const text = readFileSync(tfjs(file), 'utf8').replace(/\/\/# source.*/, '');
  const imports = [...text.matchAll(/import \{([^}]*)\} from '([^']+)'/g)].map(([, names, from]) => ({
    names: names!.split(',').map(name => name.trim()),
    to: `${normalize(join(dirname(file), from!))}.js`,
  }));
  const named = imports.filter(({ to }) => to === 'kernel_names.js').flatMap(({ names }) => names);
  const called = [...text.matchAll(/runKernel\('(\w+)'/g)].map(([, name]) => name!);
  const ops = imports.map(({ to }) => to).filter(to => /^ops\/(?!.*util)/.test(to));
  return { ops, kernels: [...named, ...called] };
}

/** The kernels that operations of tfjs run, with those of their gradients, again and again. */
function reach(ops: readonly string[]): Set<string> {
  const [seen, kernels] = [new Set(ops), new Set<string>()];
  for (const op of seen) {
    const found = namesIn(op);
    for (const next of found.ops) seen.add(next);
    for (const kernel of found.kernels) {
      kernels.add(kernel);
      if (existsSync(tfjs(gradientOf(kernel))))
        for (const next of namesIn(gradientOf(kernel)).ops) seen.add(next);
    }
  }
  return kernels;
}

it('a page has the gradient of each operation that it can differentiate, however often', () => {
  const parts = readFileSync(join(root, 'src/tensor/tf-parts.ts'), 'utf8');
  const reached = reach([...parts.matchAll(/dist\/(ops\/\w+\.js)/g)].map(([, file]) => file!));
  const listed = readFileSync(join(root, 'src/tensor/gradients.browser.ts'), 'utf8');
  const expected = [...reached].filter(kernel => existsSync(tfjs(gradientOf(kernel)))).sort();
  expect(expected).toContain('Square');
  expect([...listed.matchAll(/gradients\/(\w+)_grad/g)].map(([, kernel]) => kernel)).toEqual(expected);
});
