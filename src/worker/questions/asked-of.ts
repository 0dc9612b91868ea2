/**
 * A set of patches that notes which of them a run asks for. A run is made of nothing else that differs from Xen to Xen: under
 * two sets that agree in all that the run under one of them asked for, it is the same run.
 */
import { PATCHES, type Xen } from '../../engine/patches';

/** A bit for each patch that a set has. */
export const bitsOf = (xen: Xen): number => PATCHES.reduce((bits, { name }, i) => bits | (xen[name] ? 1 << i : 0), 0);

export class AskedOf {
  /** As the set itself, whoever reads it. */
  readonly xen: Xen;
  readonly #set: number;
  #asked = 0;
  #lately = 0;

  constructor(set: Xen) {
    this.#set = bitsOf(set);
    const getters = PATCHES.map(({ name }, i) => {
      const bit = 1 << i;
      const get = (): boolean => {
        this.#asked |= bit;
        this.#lately |= bit;
        return set[name];
      };
      return [name, { enumerable: true, get }] as const;
    });
    this.xen = Object.defineProperties({}, Object.fromEntries(getters)) as Xen;
  }

  /** Whether the run so far is the same under another set. */
  agrees(bits: number): boolean {
    return ((bits ^ this.#set) & this.#asked) === 0;
  }

  /** From here on it is noted anew what is asked for, as well. */
  mark(): void {
    this.#lately = 0;
  }
  /** Whether another set differs in something that was asked for since then. */
  differsLately(bits: number): boolean {
    return ((bits ^ this.#set) & this.#lately) !== 0;
  }
}
