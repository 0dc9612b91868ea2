/** Whether a view that has a short form has room for its full one. */
import { MediaQuery } from 'svelte/reactivity';
import { hasRoom } from '../layout/room';
import { paneSeat } from './pane-seat';

export class Room {
  /** Px: of the view, and the height of its short form while that is drawn. */
  width = $state(0);
  height = $state(0);
  short = $state(0);
  #full = $state(false);
  readonly #phone = new MediaQuery('(max-width: 799px)', false);
  readonly #seat = paneSeat();
  readonly full = $derived.by(() => this.#full || (this.#seat?.text ?? false));

  constructor() {
    $effect(() => {
      const { width, height, short } = this;
      const phone = this.#phone.current;
      if (!hasRoom(width, height, phone)) this.#full = false;
      // A view as high as what it shows was given no room: it stands in a column, and takes what it needs.
      else if (phone || height > short + 4) this.#full = true;
    });
  }
}
