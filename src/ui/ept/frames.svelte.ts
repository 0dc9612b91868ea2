/**
 * Single frames of the tables in view, as far as pictures of this step brought them. They come as the map asks for them, or
 * the worker follows the step. Where neither covers a table that is wide enough for its entries, they are asked for: not
 * while a map holds the window, nor while playing, and once a table and step.
 */
import { untrack } from 'svelte';
import { ENTRY_BITS, FANOUT, SINGLE, type SeenFrames, type Tables, type Window } from '../../layout/ept';
import type { Session } from '../../state/session.svelte';
import type { Picture, View } from '../../worker/protocol';

/** Frames that a view may ask for. */
const MOST_FRAMES = 8192;

export class LevelZero {
  /** Counts what came. */
  version = $state(0);
  /** Plain: `version` tells of changes. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #held = new Map<number, SeenFrames>();
  #of = '';

  readonly seen = (first: number): SeenFrames | null => this.#held.get(first) ?? null;

  put({ step, hash, frames }: Picture): void {
    const of = `${step} ${hash}`;
    if (of !== this.#of) this.#held.clear();
    this.#of = of;
    for (let at = 0; at + FANOUT <= frames.types.length; at += FANOUT)
      this.#held.set(frames.first + at, {
        first: frames.first + at,
        types: frames.types.subarray(at, at + FANOUT),
        pending: frames.pending.subarray(at, at + FANOUT),
        touched: frames.touched.subarray(at, at + FANOUT),
      });
    this.version++;
  }
}

/** Tables of level 0 in view of which nothing is at hand, when few enough are in view to ask for. */
export function missing(tables: Tables, window: Window): { first: number; frames: number } | null {
  const wide = (FANOUT * window.width) / (window.to - window.from) >= SINGLE;
  const from = Math.floor(window.from / FANOUT);
  const to = Math.ceil(window.to / FANOUT);
  if (!wide) return null;
  const lacks = (cell: number): boolean =>
    ((tables.entries[1]?.[cell] ?? 0) & ENTRY_BITS.kind) === ENTRY_BITS.table && !tables.seen(cell * FANOUT);
  const cells = Array.from({ length: to - from }, (_, i) => from + i).filter(lacks);
  if (cells.length === 0) return null;
  const last = Math.min(cells.at(-1)!, cells[0]! + MOST_FRAMES / FANOUT - 1);
  const first = cells[0]! * FANOUT;
  return { first, frames: Math.min((last + 1) * FANOUT, tables.frames) - first };
}

/** Keeps `zero` up to date, and asks for what is missing. */
export function keepLevelZero(session: Session, zero: LevelZero, tables: () => Tables, window: () => Window): void {
  let mine: View['window'] = null;
  let asked = '';

  $effect.pre(() => {
    const { picture } = session;
    if (picture) untrack(() => zero.put(picture));
  });

  $effect(() => {
    const { picture, view } = session;
    void zero.version;
    if (!picture || session.playing) return;
    const wanted = missing(tables(), window());
    const held = view.window;
    untrack(() => {
      if (wanted && (held === null || held === mine)) {
        const ask = `${picture.step} ${picture.hash} ${wanted.first} ${wanted.frames}`;
        if (ask === asked) return;
        asked = ask;
        mine = wanted;
        void session.look({ window: wanted });
      } else if (mine !== null && held === mine && !inView(mine, window())) {
        mine = null;
        void session.look({ window: null });
      }
    });
  });

  $effect(() => () => {
    if (mine !== null && session.view.window === mine) void session.look({ window: null });
  });
}

const inView = (held: { first: number; frames: number }, { from, to, width }: Window): boolean =>
  held.first < to && held.first + held.frames > from && (FANOUT * width) / (to - from) >= SINGLE;
