import { readFileSync } from 'node:fs';

/** The version of this package; "unknown" without its package.json, for example in a bundle. */
export function packageVersion(): string {
  // Two folders up in the source tree, three in the built one.
  for (const up of ['../..', '../../..']) {
    try {
      const text = readFileSync(new URL(`${up}/package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {}
  }
  return 'unknown';
}
