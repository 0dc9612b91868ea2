/** What of a step moves: marks that go one level down. Only a single step forwards does, at a speed that eyes can follow. */
import { sunk } from '../../layout/ept-entry';
import type { Session } from '../../state/session.svelte';

/** Steps a second up to which playing moves anything; milliseconds between two steps under which somebody scrubs. */
const SLOW = 4;
const SCRUBBING = 200;

interface Seen {
  readonly still: boolean;
  readonly sunk: ReturnType<typeof sunk>;
}
const STILL: Seen = { still: true, sunk: [] };

export class Movement {
  readonly #session: () => Session;
  #step = -1;
  #run: unknown = null;
  #entries: readonly Uint8Array[] = [];
  #time = 0;
  #last: Seen = STILL;

  constructor(session: () => Session) {
    this.#session = session;
  }

  /** What the picture that is shown has to do with the one before it. */
  readonly #seen = $derived.by(() => {
    const { picture, info } = this.#session();
    if (!picture) return STILL;
    const { step } = picture;
    // Another look at the same step.
    if (step === this.#step && info === this.#run) return this.#last;
    const time = performance.now();
    const one = step === this.#step + 1 && info === this.#run && time - this.#time > SCRUBBING;
    this.#last = one ? { still: false, sunk: sunk(this.#entries, picture.ept.entries) } : STILL;
    this.#time = time;
    this.#step = step;
    this.#run = info;
    this.#entries = picture.ept.entries;
    return this.#last;
  });

  readonly still = $derived.by(() => {
    const session = this.#session();
    return this.#seen.still || (session.playing && session.pace.speed > SLOW);
  });
  readonly sunk = $derived.by(() => this.#seen.sunk);
}
