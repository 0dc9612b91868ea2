/**
 * The run that is open and the picture of its step, twice: whole, for who keeps it, goes through it and asks about it; and as
 * far as the horizon lets it be told, which is all that a view reads.
 */
import type { Picture, SessionInfo } from '../worker/protocol';
import { infoTo, pictureTo } from './horizon';

export abstract class Shown {
  /** The run that is open to its end; stays when another is refused. Not for views. */
  whole = $state.raw<SessionInfo | null>(null);
  #drawn = $state.raw<Picture | null>(null);
  readonly #info = $derived.by(() => this.whole && infoTo(this.whole, this.horizon));
  readonly #picture = $derived.by(() => this.#drawn && this.told(this.#drawn));

  /** The last step of which views tell: the one that is shown while a question is open, so that none of them answers it. */
  abstract readonly horizon: number;

  /** The run that is open, as far as it is told. */
  get info(): SessionInfo | null {
    return this.#info;
  }
  set info(info) {
    this.whole = info;
  }
  get picture(): Picture | null {
    return this.#picture;
  }
  set picture(picture) {
    this.#drawn = picture;
  }

  /** A picture of this run, as far as it is told; null: it is of a step past the horizon. */
  protected told(picture: Picture): Picture | null {
    return this.horizon === Infinity ? picture : pictureTo(picture, this.horizon);
  }
}
