/** Where the user looks in the tables: zoom along the addresses, the entry that keys are on, the one under the pointer. */
import { untrack } from 'svelte';
import { devicePixelRatio } from 'svelte/reactivity/window';
import { FANOUT, icicle, type Tables, type Window } from '../../layout/ept';
import { entryOf, neighbour, xOf, type EntryAt } from '../../layout/ept-entry';
import type { Session } from '../../state/session.svelte';
import { Zoomer, type Area, type Move } from '../memory/zoom';
import { LevelZero } from './frames.svelte';
import { levelOf } from './level.svelte';

const WHOLE: Move = { k: 1, x: 0, y: 0 };
/** An entry shown as wide as the view leaves some of its neighbours at either side. */
const FIT = 0.86;
/** Pixels that a single frame is wide at the deepest. */
const WIDEST = 28;

/** A place in the tables. The row is kept also where the way to the frame ends above it. */
export interface Place {
  readonly gfn: number;
  readonly level: number;
}

export class IcicleState {
  readonly zoomer = new Zoomer();
  readonly zero = new LevelZero();
  #move = $state.raw<Move>(WHOLE);
  /** Where the keys are; null before they were used. */
  cursor = $state.raw<Place | null>(null);
  hover = $state.raw<Place | null>(null);
  readonly #session: () => Session;
  readonly #width: () => number;

  constructor(session: () => Session, width: () => number) {
    this.#session = session;
    this.#width = width;
  }

  readonly dpr = $derived(devicePixelRatio.current ?? 1);
  readonly frames = $derived.by(() => this.#session().info?.guest.frames ?? 0);
  readonly tables: Tables = $derived.by(() => {
    void this.zero.version;
    const entries = this.#session().picture?.ept.entries ?? [];
    return { frames: this.frames, entries, seen: this.zero.seen };
  });
  readonly deepest = $derived.by(() => Math.max(1, (this.frames * WIDEST) / Math.max(1, this.#width())));
  readonly k = $derived(Math.min(this.#move.k, this.deepest));
  readonly window: Window = $derived.by(() => {
    const width = this.#width();
    const span = this.frames / this.k;
    const from = Math.min(
      Math.max(0, ((-this.#move.x / this.k) * this.frames) / Math.max(1, width)),
      this.frames - span,
    );
    return { from, to: from + span, width };
  });
  readonly icicle = $derived(icicle(this.tables, this.window));
  readonly zoomed = $derived(this.k > 1);

  /** The entry that keys are on: what is selected, then what the step is about, before they were used. */
  readonly at: EntryAt = $derived.by(() => {
    const session = this.#session();
    const gfn = session.view.gfn ?? session.picture?.focus?.gfn ?? 0;
    return this.entry(this.cursor ?? { gfn, level: levelOf(session).level ?? 0 });
  });

  entry({ gfn, level }: Place): EntryAt {
    return entryOf(this.tables, Math.min(Math.max(0, gfn), Math.max(0, this.frames - 1)), level);
  }

  moved = (to: Move): void => {
    this.#move = { k: to.k, x: to.x, y: to.y };
  };

  /** What the zoom works on: `width` by `height` pixels. Any drag is a pan. */
  area(width: number, height: number): Area {
    const start = (): Move => untrack(() => this.#move);
    return { width, height, deepest: this.deepest, start, moved: this.moved, selects: () => false };
  }

  whole(): void {
    this.zoomer.go(WHOLE);
  }

  /** Selects the first frame of an entry and looks at its level; chosen a second time, the entry is shown as wide as the view. */
  pick(entry: EntryAt): void {
    const session = this.#session();
    const choice = levelOf(session);
    this.cursor = { gfn: entry.first, level: entry.level };
    if (session.view.gfn === entry.first && choice.level === entry.level) return this.fit(entry);
    choice.level = entry.level;
    void session.select(entry.first);
  }

  letGo(): void {
    levelOf(this.#session()).level = null;
    void this.#session().select(null);
  }

  /** Shows an entry as wide as the view; one that maps a single frame with those beside it. */
  fit({ first, frames }: EntryAt): void {
    const k = Math.min(this.deepest, Math.max(1, (this.frames / Math.max(frames, 1)) * FIT));
    this.#show(first + frames / 2, k);
  }

  /** One entry on; a view that does not show it goes along. */
  along(direction: 1 | -1): void {
    const { at } = this;
    const level = this.cursor?.level ?? at.level;
    this.cursor = { gfn: neighbour(this.icicle, at, direction, this.frames), level };
    this.#reveal();
  }

  /** One level up, or down to where the way to the frame goes on: to what the step is about, if that is under the entry. */
  across(direction: 1 | -1): void {
    const { at } = this;
    const level = Math.min(3, Math.max(0, at.level + direction));
    const focus = this.#session().view.gfn ?? this.#session().picture?.focus?.gfn ?? -1;
    const inside = direction < 0 && focus >= at.first && focus < at.first + at.frames;
    this.cursor = { gfn: inside ? focus : (this.cursor?.gfn ?? at.first), level };
    this.#reveal();
  }

  /** Zooms round the entry that keys are on. */
  zoom(factor: number): void {
    const { first, frames } = this.at;
    const seen = first + frames / 2 >= this.window.from && first + frames / 2 < this.window.to;
    const centre = seen || this.cursor ? first + Math.min(frames, FANOUT) / 2 : (this.window.from + this.window.to) / 2;
    this.#show(centre, Math.min(this.deepest, Math.max(1, this.k * factor)));
  }

  #show(centre: number, k: number): void {
    const width = this.#width();
    const x = width / 2 - (centre / this.frames) * width * k;
    this.zoomer.go({ k, x: Math.min(0, Math.max(x, width - width * k)), y: 0 });
  }

  #reveal(): void {
    if (!this.zoomed) return;
    const { first, frames } = this.at;
    const x0 = xOf(this.window, first);
    const x1 = xOf(this.window, first + frames);
    if (x1 <= 0 || x0 >= this.window.width || (x1 > this.window.width && x0 > 0) || (x0 < 0 && x1 < this.window.width))
      this.#show(first + frames / 2, this.k);
  }
}
