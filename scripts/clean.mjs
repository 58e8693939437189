// Removes the output of an earlier build: a package must not contain files whose source no longer exists.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
