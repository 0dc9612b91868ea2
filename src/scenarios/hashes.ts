/**
 * Where each shipped scenario ends: its number of steps, and the hash of its last state (`Store.hash`). The run depends on
 * nothing but the file, so these are the same on every machine and in every browser; a change of the engine or of a file
 * that moves them is one that a reader can see, and is entered here by hand.
 */
export const HASHES: Readonly<Record<string, { readonly steps: number; readonly hash: string }>> = {
  'first-light': { steps: 397, hash: '9dc353393761caf6' },
  'range-wall': { steps: 5876, hash: '3616a2c8b694da47' },
  'read-modify-write': { steps: 154, hash: 'f87bc8c772205526' },
  shatter: { steps: 271, hash: '6f3f273b9b0c1581' },
  'many-frames': { steps: 23191, hash: 'eb5c1a6e11a35b04' },
};
