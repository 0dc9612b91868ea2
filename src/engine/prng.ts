/** Chance that depends on nothing but a seed and a step number, so that a run continues the same from wherever it is resumed. */

/** 32 well-mixed bits of a seed and a number. */
export function chance(seed: number, n: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ n;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One of `choices`, by the seed and the number of steps taken; undefined when there are none. */
export function schedule<T>(choices: readonly T[], seed: number, steps: number): T | undefined {
  return choices.length < 2 ? choices[0] : choices[chance(seed, steps) % choices.length];
}
