/** Where the user looks on the map of guest memory: zoom, focused cell, hovered mark, and what follows from them. */
import { devicePixelRatio } from 'svelte/reactivity/window';
import { CELL, centred, deepest, mapGrid, neighbour, unitOf, unitRect, visible, type Look } from '../../layout/map';
import { CELL_COUNTS } from '../../layout/types';
import type { Session } from '../../state/session.svelte';
import { Zoomer, type Move } from './zoom';

const WHOLE: Move = { k: 1, x: 0, y: 0 };

export class MapState {
  readonly zoomer = new Zoomer();
  #move = $state.raw<Move>(WHOLE);
  /** First frame of the mark that the keyboard is on; null before it was. */
  cursor = $state<number | null>(null);
  hover = $state<number | null>(null);
  readonly #session: () => Session;
  readonly #width: () => number;
  readonly #height: () => number;

  constructor(session: () => Session, width: () => number, height: () => number) {
    this.#session = session;
    this.#width = width;
    this.#height = height;
  }

  readonly dpr = $derived(devicePixelRatio.current ?? 1);
  readonly cells = $derived.by(() => this.#session().picture?.map.cells ?? 0);
  /** Frames of the guest's address space, what is not memory included. */
  readonly frames = $derived(this.cells * CELL);
  readonly grid = $derived.by(() => mapGrid(Math.max(1, this.cells), this.#width(), this.#height()));
  readonly look: Look = $derived.by(() => ({
    k: this.#move.k,
    x: this.#move.x,
    y: this.#move.y,
    width: this.#width(),
    height: this.#height(),
  }));
  readonly k = $derived(this.#move.k);
  readonly deepest = $derived(deepest(this.grid));
  readonly unit = $derived(unitOf(this.grid, this.#move.k, this.dpr));

  /** Cells of which single frames are seen. */
  readonly seenCells: readonly number[] = $derived.by(() => {
    if (this.unit !== 1) return [];
    const { row0, row1, col0, col1 } = visible(this.grid, this.look);
    const cells: number[] = [];
    for (let row = row0; row < row1; row++)
      for (let col = col0; col < col1; col++) cells.push(row * this.grid.cols + col);
    return cells.filter((cell) => cell < this.cells);
  });

  /** Counts of one cell, as a map of one cell has them. */
  countsOf(cell: number): Uint16Array {
    const session = this.#session();
    void session.cellsVersion;
    return session.cells.subarray(cell * CELL_COUNTS, (cell + 1) * CELL_COUNTS);
  }

  moved = (to: Move): void => {
    this.#move = { k: to.k, x: to.x, y: to.y };
  };

  whole(): void {
    this.zoomer.go(WHOLE);
  }

  /** Selects a frame; of a mark of many frames the one in focus, if it is among them, else the first. */
  pick(gfn: number, unit = 1): void {
    const session = this.#session();
    const focus = session.picture?.focus?.gfn ?? -1;
    const within = focus >= gfn && focus < gfn + unit;
    const frame = within ? focus : gfn;
    void session.select(session.view.gfn === frame ? null : frame);
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
    const session = this.#session();
    const at = this.cursor ?? session.view.gfn ?? session.picture?.focus?.gfn;
    this.cursor = at === undefined ? 0 : neighbour(this.grid, at, this.unit, dx, dy);
    this.#reveal();
  }

  /** Zooms round the focused cell. */
  zoom(factor: number): void {
    const session = this.#session();
    const at = this.cursor ?? session.view.gfn ?? session.picture?.focus?.gfn ?? 0;
    const k = Math.min(this.deepest, Math.max(1, this.k * factor));
    this.zoomer.go(centred(this.grid, this.look, at, k));
  }

  #reveal(): void {
    if (this.cursor === null || this.k === 1) return;
    const at = unitRect(this.grid, this.look, this.cursor, this.unit);
    const out = at.x < 0 || at.y < 0 || at.x + at.w > this.look.width || at.y + at.h > this.look.height;
    if (out) this.zoomer.go(centred(this.grid, this.look, this.cursor, this.k));
  }
}
