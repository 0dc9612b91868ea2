/** The name that was probably meant. */

/** Letters of a name that are compared. */
const MOST = 60;

/** Letters to be put in, left out, exchanged or swapped with their neighbour to make `b` of `a`. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** Of `names` the one that begins with `word`, or is most like it, a third of it may differ, or has it as a part; if any. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const said = word.slice(0, MOST).toLowerCase();
  if (said === '') return undefined;
  const has = (of: (name: string) => boolean): string | undefined =>
    said.length > 2 ? names.find((name) => of(name.toLowerCase())) : undefined;
  let found = has((name) => name === said) ?? has((name) => name.startsWith(said));
  if (found !== undefined) return found;
  let least = Math.max(1, Math.floor(said.length / 3)) + 1;
  for (const name of names) {
    const n = distance(said, name.slice(0, MOST).toLowerCase());
    if (n < least) [found, least] = [name, n];
  }
  return found ?? has((name) => name.includes(said));
}
