/** Reads the oracle's files: what real Xen code did when it was driven with these inputs. For tests only: it needs Node. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const loadText = (name: string): string =>
  gunzipSync(readFileSync(new URL(`./${name}.gz`, import.meta.url))).toString('utf8');

/** A file of one JSON object. */
export function loadJson<T>(name: string): T {
  return JSON.parse(loadText(name)) as T;
}

/** A file of one JSON object a line. */
export function loadLines<T>(name: string): T[] {
  return loadText(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
