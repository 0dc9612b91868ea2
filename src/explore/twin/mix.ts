/** Numbers mixed into one of 32 bits, so that what several things come to can be compared at once. */
export function mix(...numbers: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const n of numbers) {
    h = Math.imul(h ^ (n | 0), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15) ^ Math.floor(n / 2 ** 32), 0xc2b2ae35);
    h ^= h >>> 13;
  }
  return h >>> 0;
}

/** The same of a text. */
export function mixText(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) ^ (h >>> 11);
  return h >>> 0;
}
