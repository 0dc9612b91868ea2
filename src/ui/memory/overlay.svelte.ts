/** What the map of guest memory shows, one choice for all panes of a session, remembered between visits. */
import { GROUNDS, type Ground } from '../../layout/map-scene';
import { recall, remember } from '../../state/prefs';
import type { Session } from '../../state/session.svelte';

export class Overlay {
  #ground = $state<Ground>(GROUNDS.find((ground) => ground === recall('memory.ground')) ?? 'stored');
  #hatched = $state(recall('memory.pending') !== 'off');
  /** A drag selects a range instead of panning. */
  ranging = $state(false);

  get ground(): Ground {
    return this.#ground;
  }
  set ground(ground: Ground) {
    this.#ground = ground;
    remember('memory.ground', ground === 'stored' ? null : ground);
  }
  /** What waits for its recalculation is hatched, whatever is below it. */
  get hatched(): boolean {
    return this.#hatched;
  }
  set hatched(on: boolean) {
    this.#hatched = on;
    remember('memory.pending', on ? null : 'off');
  }
}

const overlays = new WeakMap<Session, Overlay>();

export function overlayOf(session: Session): Overlay {
  let found = overlays.get(session);
  if (!found) overlays.set(session, (found = new Overlay()));
  return found;
}
