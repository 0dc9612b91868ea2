/** Where the user looks on the map of guest memory: zoom, focused cell, hovered mark, range, and what follows from them. */
import { devicePixelRatio } from 'svelte/reactivity/window';
import {
  CELL,
  centred,
  deepest,
  mapGrid,
  neighbour,
  unitOf,
  unitRect,
  visible,
  type Grid,
  type Look,
} from '../../layout/map';
import { stretchesIn, type Stretch } from '../../layout/memory-runs';
import { lookAt } from '../../layout/minimap';
import { between, rangeRects, type Range } from '../../layout/range';
import type { Session } from '../../state/session.svelte';
import { Zoomer, type Move } from './zoom';

const WHOLE: Move = { k: 1, x: 0, y: 0 };
/** A transform with its translation in shares of the map, so that it holds when the pane is resized. */
interface Place {
  readonly k: number;
  readonly across: number;
  readonly down: number;
}
const EVERYTHING: Place = { k: 1, across: 0, down: 0 };
/** While a gesture moves, the map is drawn anew so often, milliseconds, and no more often than this share of the time allows. */
const AGAIN = 160;
const SHARE = 0.025;

export class MapState {
  readonly zoomer = new Zoomer();
  /** Where the user looks now; where the map was drawn for; where the last gesture ended. */
  #move = $state.raw<Place>(EVERYTHING);
  #drawn = $state.raw<Place>(EVERYTHING);
  #settled = $state.raw<Place>(EVERYTHING);
  /** First frame of the mark that the keyboard is on; null before it was. */
  cursor = $state<number | null>(null);
  hover = $state<number | null>(null);
  /** The range while it is dragged; the frame that one was begun at by key. */
  drag = $state.raw<Range | null>(null);
  anchor = $state<number | null>(null);
  /** Milliseconds that drawing the map takes, as whoever draws says. */
  cost = 0;
  readonly #session: () => Session;
  readonly #width: () => number;
  readonly #height: () => number;
  #next: Place | null = null;
  #ended = true;
  #asked = 0;
  #drawnAt = 0;

  constructor(session: () => Session, width: () => number, height: () => number) {
    this.#session = session;
    this.#width = width;
    this.#height = height;
  }

  /** How many times as large as laid out the page draws the pane: for an audience. */
  scale = $state(1);
  /** Device pixels of a pixel of the layout. */
  readonly dpr = $derived((devicePixelRatio.current ?? 1) * this.scale);
  readonly cells = $derived.by(() => this.#session().picture?.map.cells ?? 0);
  /** Frames of the guest's address space, what is not memory included. */
  readonly frames = $derived(this.cells * CELL);
  readonly grid: Grid = $derived.by(() => mapGrid(Math.max(1, this.cells), this.#width(), this.#height()));
  readonly look: Look = $derived.by(() => this.#lookOf(this.#move));
  /** The look that all is drawn for; differs from `look` while a gesture moves. */
  readonly drawn: Look = $derived.by(() => this.#lookOf(this.#drawn));
  readonly k = $derived(this.#move.k);
  readonly deepest = $derived(deepest(this.grid));
  readonly unit = $derived(unitOf(this.grid, this.#move.k, this.dpr));
  readonly drawnUnit = $derived(unitOf(this.grid, this.#drawn.k, this.dpr));

  /** A gesture moves: all that is drawn is moved along, and drawn anew when it ends. */
  readonly moving = $derived(this.#move !== this.#drawn);

  readonly #resting: Look = $derived.by(() => this.#lookOf(this.#settled));
  /** Cells in sight, in order of address, as of the end of the last gesture. */
  readonly inSight: readonly Stretch[] = $derived.by(() =>
    stretchesIn(this.grid.cols, this.cells, visible(this.grid, this.#resting)),
  );
  /** Cells of which single frames are seen. */
  readonly seenCells: readonly number[] = $derived.by(() =>
    unitOf(this.grid, this.#settled.k, this.dpr) === 1
      ? this.inSight.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
      : [],
  );

  /** Hears of a move; `ended`: of the end of a gesture. The page follows once an animation frame. */
  moved = (to: Move, ended: boolean): void => {
    this.#next = { k: to.k, across: to.x / this.#width(), down: to.y / this.#height() };
    this.#ended = ended;
    if (this.#asked === 0) this.#asked = requestAnimationFrame(this.#commit);
  };

  readonly #commit = (): void => {
    this.#asked = 0;
    const to = this.#next;
    if (!to) return;
    const now = performance.now();
    if (!same(to, this.#move)) this.#move = to;
    if (this.#ended || now - this.#drawnAt > Math.max(AGAIN, this.cost / SHARE)) {
      if (!same(to, this.#drawn)) this.#drawn = this.#move;
      this.#drawnAt = now;
    }
    if (this.#ended && !same(to, this.#settled)) this.#settled = this.#move;
  };

  #lookOf({ k, across, down }: Place): Look {
    const width = this.#width();
    const height = this.#height();
    return { k, x: across * width, y: down * height, width, height };
  }

  /** Another guest: what was looked at means nothing in it. */
  reset(): void {
    this.#next = null;
    this.#move = this.#drawn = this.#settled = EVERYTHING;
    this.cursor = this.hover = this.drag = this.anchor = null;
    this.zoomer.go(WHOLE);
  }

  whole(): void {
    this.zoomer.go(WHOLE);
  }

  /** Selects a frame; of a mark of many frames the one in focus, if it is among them, else the first. */
  pick(gfn: number, unit = 1): void {
    const session = this.#session();
    const frame = this.frameOf(gfn, unit);
    void session.select(session.view.gfn === frame ? null : frame);
  }

  /** The frame that a mark stands for: the one in focus, if it is among its frames, else the first. */
  frameOf(gfn: number, unit: number): number {
    const focus = this.#session().picture?.focus?.gfn ?? -1;
    return focus >= gfn && focus < gfn + unit ? focus : gfn;
  }

  /** Selects a frame and shows it near by. */
  jump(gfn: number): void {
    this.cursor = gfn;
    const near = Math.min(this.deepest, (18 * this.grid.subCols) / this.grid.w);
    this.zoomer.go(centred(this.grid, this.look, gfn, Math.max(1, near, this.k)));
    void this.#session().select(gfn);
  }

  /** The focused cell goes one mark on; the map follows when it leaves the window. */
  step(dx: number, dy: number): void {
    const at = this.#at();
    this.cursor = at === null ? 0 : neighbour(this.grid, at, this.unit, dx, dy);
    this.#reveal();
  }

  /** The focused cell goes as far as the window is high; the map follows. */
  page(dy: number): void {
    const rows = this.unit === 1 ? this.grid.subRows : 1;
    const rowHeight = (this.grid.h / rows) * this.k;
    const n = Math.max(1, Math.floor(this.look.height / rowHeight) - 1);
    for (let i = 0; i < n; i++) {
      const at = this.#at() ?? 0;
      this.cursor = neighbour(this.grid, at, this.unit, 0, dy);
      if (this.cursor === at) break;
    }
    this.#reveal();
  }

  /** Zooms round the focused cell. */
  zoom(factor: number): void {
    const k = Math.min(this.deepest, Math.max(1, this.k * factor));
    this.zoomer.go(centred(this.grid, this.look, this.#at() ?? 0, k));
  }

  go(to: Move): void {
    this.zoomer.go(to);
  }

  /** Shows all of a range, and as near by as that allows. */
  show({ first, last }: Range): void {
    const { grid, look } = this;
    const rects = rangeRects(grid, { ...look, k: 1, x: 0, y: 0 }, { first, last }, 1);
    const right = Math.max(...rects.map(({ x, w }) => x + w));
    const bottom = Math.max(...rects.map(({ y, h }) => y + h));
    const wide = right - Math.min(...rects.map(({ x }) => x));
    const high = bottom - Math.min(...rects.map(({ y }) => y));
    const k = Math.min(this.deepest, Math.max(1, 0.8 * Math.min(look.width / wide, look.height / high)));
    this.zoomer.go(lookAt({ ...look, k }, right - wide / 2, bottom - high / 2, look.width, look.height));
  }

  /** The range that is shown: the one that is dragged, or the session's. */
  readonly range: Range | null = $derived.by(() => this.drag ?? this.#session().view.range);

  /** Selects the frames from one mark to another. */
  select(a: number, b: number): void {
    this.anchor = null;
    void this.#session().look({ range: between(a, b, this.unit, this.frames) });
  }

  /** The cell in focus becomes an end of the range; one past the other end is the only one. */
  end(which: 'first' | 'last'): void {
    const at = this.#at();
    if (at === null) return;
    this.cursor = at;
    const mark = between(at, at, this.unit, this.frames);
    const now = this.#session().view.range ?? mark;
    const moved = which === 'first' ? { ...now, first: mark.first } : { ...now, last: mark.last };
    void this.#session().look({ range: moved.first <= moved.last ? moved : mark });
  }

  /** Begins a range at the cell in focus, or ends it there. */
  mark(): void {
    const at = this.#at();
    if (at === null) return;
    this.cursor = at;
    if (this.anchor === null) this.anchor = at;
    else this.select(this.anchor, at);
  }

  /** Lets go of what was begun last: the range, then the frame. */
  escape(): void {
    const session = this.#session();
    if (this.anchor !== null) this.anchor = null;
    else if (session.view.range) void session.look({ range: null });
    else void session.select(null);
  }

  /** The cell that the keys are about: where they were, or what is selected or in focus. */
  #at(): number | null {
    const session = this.#session();
    return this.cursor ?? session.view.gfn ?? session.picture?.focus?.gfn ?? null;
  }

  #reveal(): void {
    if (this.cursor === null || this.k === 1) return;
    const at = unitRect(this.grid, this.look, this.cursor, this.unit);
    const out = at.x < 0 || at.y < 0 || at.x + at.w > this.look.width || at.y + at.h > this.look.height;
    if (out) this.zoomer.go(centred(this.grid, this.look, this.cursor, this.k));
  }
}

const same = (a: Place, b: Place): boolean => a.k === b.k && a.across === b.across && a.down === b.down;
