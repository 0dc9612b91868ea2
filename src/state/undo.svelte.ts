/** What the user did to the session, so that each can be taken back, and done again: the last first. */

/**
 * `act`: somebody acted by the user's hand. `open`: another scenario, version or guest. `price`, `mark`: as they say. `history`:
 * one that was left is named or deleted.
 */
export type Deed = 'act' | 'open' | 'price' | 'mark' | 'history';

export interface Change {
  readonly what: Deed;
  /** Takes it back, or does it once more; false: that did not go, and it stays as it was. */
  readonly undo: () => Promise<boolean> | boolean;
  readonly redo: () => Promise<boolean> | boolean;
}

/** The worker keeps as many runs. */
const MOST = 100;

export class Undo {
  #done = $state.raw<readonly Change[]>([]);
  #undone = $state.raw<readonly Change[]>([]);
  /** A change is being taken back or done again: what that changes is no new one. */
  #busy = $state(false);
  readonly #free: () => boolean;

  /** `free`: whether anything can be changed now. */
  constructor(free: () => boolean) {
    this.#free = free;
  }

  /** What would be taken back; null: nothing, or not now. */
  readonly next: Deed | null = $derived.by(() => this.#ready(this.#done));
  /** What would be done again. */
  readonly again: Deed | null = $derived.by(() => this.#ready(this.#undone));

  note(change: Change): void {
    if (this.#busy) return;
    this.#done = [...this.#done, change].slice(-MOST);
    this.#undone = [];
  }

  undo(): Promise<boolean> {
    return this.#move(this.#ready(this.#done) && this.#done.at(-1), 'undo');
  }
  redo(): Promise<boolean> {
    return this.#move(this.#ready(this.#undone) && this.#undone.at(-1), 'redo');
  }

  #ready(changes: readonly Change[]): Deed | null {
    return this.#busy || !this.#free() ? null : (changes.at(-1)?.what ?? null);
  }

  async #move(change: Change | null | undefined, way: 'undo' | 'redo'): Promise<boolean> {
    if (!change) return false;
    this.#busy = true;
    try {
      if (!(await change[way]())) return false;
      if (way === 'undo') {
        this.#done = this.#done.slice(0, -1);
        this.#undone = [...this.#undone, change];
      } else {
        this.#undone = this.#undone.slice(0, -1);
        this.#done = [...this.#done, change];
      }
      return true;
    } finally {
      this.#busy = false;
    }
  }
}
