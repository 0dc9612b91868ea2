/**
 * What of a run's lanes the user looks at, and the events that are known already. It belongs to the session and not to a
 * pane, so that a pane that goes and comes finds its window again.
 */
import { untrack } from 'svelte';
import type { AnyEvent, EventId } from '../../engine/trace';
import * as window from '../../layout/lane-window';
import type { Handle, Window } from '../../layout/lane-window';
import type { Session } from '../../state/session.svelte';
import type { LanesPicture, SessionInfo } from '../../worker/protocol';
import { KnownEvents } from './known-events';

export class LaneView {
  /** Steps looked at; null: those that the step shown belongs with. */
  window = $state.raw<Window | null>(null);
  /** A gesture moves the window just now. */
  moving = $state(false);
  /** Counts what was learned of events. */
  version = $state(0);
  readonly #events = new KnownEvents();
  readonly #session: Session;
  #info: SessionInfo | null = null;
  #opened = -1;
  #step = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  get #of(): number {
    return this.#session.info?.steps ?? 0;
  }

  /** Takes in what the session shows now: another run, another step, more events. */
  take(): void {
    const { info, picture, opened } = this.#session;
    untrack(() => {
      if (info !== this.#info) this.#begin(info, opened);
      if (!picture) return;
      if (this.window) this.window = window.goAlong(this.window, this.#step, picture.step, this.#of);
      this.#step = picture.step;
      if (this.#events.learn(picture.lanes)) this.version++;
    });
  }

  #begin(info: SessionInfo | null, opened: number): void {
    this.#info = info;
    this.#events.clear();
    this.version++;
    if (opened !== this.#opened) this.window = null;
    else if (this.window) this.window = window.clampWindow(this.window, this.#of);
    this.#opened = opened;
  }

  readonly known = (step: number): boolean => (void this.version, this.#events.has(step));

  /** See KnownEvents. */
  around(from: number, to: number, more: number): { from: number; to: number; events: AnyEvent[] } {
    void this.version;
    return this.#events.around(from, to, more);
  }
  get ends(): LanesPicture['ends'] {
    void this.version;
    return this.#events.ends;
  }

  show(to: Window | null): void {
    this.window = to && window.clampWindow(to, this.#of);
  }
  /** `from`: what is shown now, where nothing was zoomed. */
  zoom(from: Window, factor: number, anchor: number): void {
    this.show(window.zoomWindow(this.window ?? from, factor, anchor, this.#of));
  }
  pan(from: Window, steps: number): void {
    this.show(window.panWindow(this.window ?? from, steps, this.#of));
  }
  move(from: Window, handle: Handle, steps: number): void {
    this.show(window.moveHandle(this.window ?? from, handle, steps, this.#of));
  }

  /** Goes to a step, and shows it. */
  go(step: number): void {
    if (this.window) this.window = window.reveal(this.window, step, this.#of);
    void this.#session.seek(step);
  }
  /** Lights what led to an event; null: lets it go. */
  choose(event: EventId | null): void {
    void this.#session.look({ event: event && { step: event.step, index: event.index } });
  }
}

const views = new WeakMap<Session, LaneView>();

/** The view of a session, always the same. */
export function laneView(session: Session): LaneView {
  const known = views.get(session);
  if (known) return known;
  const made = new LaneView(session);
  views.set(session, made);
  return made;
}
