/** Values of a parameter as a line of text: `1, 16, 255`, `1 to 4096 times 4`, `0 to 100 by 10`, `16 MiB, 1 GiB`, in any mixture. */
import { formatBytes, parseBytes } from '../../scenarios/quantities';
import { PARAMETERS, type ParameterName } from './names';

export const valuesText = (name: ParameterName, values: readonly number[]): string =>
  values.map((n) => (PARAMETERS[name].counts === 'bytes' ? formatBytes(n) : String(n))).join(', ');

export type ReadValues =
  { readonly ok: true; readonly values: readonly number[] } | { readonly ok: false; readonly message: string };

/** More than a sweep may have: who says so is told by the sweep's own check. */
const MOST = 100;

/** Reads such a line; the limits of the parameter are not looked at. */
export function readValues(name: ParameterName, text: string): ReadValues {
  const values: number[] = [];
  const one = (word: string): number | undefined => {
    const digits = word
      .trim()
      .replaceAll(/[\u202f_]/g, '')
      .replace(/%$/, '');
    if (/^\d{1,15}$/.test(digits)) return Number(digits);
    return PARAMETERS[name].counts === 'bytes' ? parseBytes(digits) : undefined;
  };
  const wrong = (part: string): ReadValues => ({
    ok: false,
    message: `${JSON.stringify(part.trim().slice(0, 40))} is no value: write 1, 16, 255 or 1 to 4096 times 4 or 0 to 100 by 10`,
  });
  for (const part of text.slice(0, 2000).split(',')) {
    const [, from = '', to, how = 'times', step = '2'] =
      /^\s*(.+?)(?:\s+to\s+(.+?)(?:\s+(times|by)\s+(.+?))?)?\s*$/.exec(part) ?? [];
    const [a, b, by] = [one(from), to === undefined ? undefined : one(to), one(step)];
    if (a === undefined || by === undefined || (to !== undefined && b === undefined)) return wrong(part);
    if (b === undefined) values.push(a);
    else {
      if (b < a || (how === 'times' ? by < 2 || a === 0 : by < 1)) return wrong(part);
      for (let n = a; n <= b && values.length < MOST; n = how === 'times' ? n * by : n + by) values.push(n);
    }
  }
  return { ok: true, values: [...new Set(values)].sort((x, y) => x - y) };
}
