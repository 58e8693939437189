import { describe, expect, it } from 'vitest';
import { exportsOf } from './exports.ts';

describe.each(['src/index.ts', 'src/plugin.ts'])('%s', door => {
  const given = exportsOf(door);

  it('is read: names that a script would miss are among what was found', () => {
    const names = given.map(({ name }) => name);
    const known = door.endsWith('index.ts')
      ? ['train', 'vp', 'heun', 'SdeSpec']
      : ['combine', 'Solver', 'usage'];
    expect(names).toEqual(expect.arrayContaining(known));
    expect(names.length).toBeGreaterThan(50);
  });

  it('gives out nothing without a docstring', () => {
    const bare = given.filter(({ doc }) => !doc).map(({ name, file }) => `${name} (${file})`);
    expect([...new Set(bare)]).toEqual([]);
  });
});
