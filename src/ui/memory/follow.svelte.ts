/** Keeps the frames that are seen up to date: puts what comes into the cache, asks for what is missing. */
import { untrack } from 'svelte';
import { CELL } from '../../layout/map';
import type { Session } from '../../state/session.svelte';
import type { Picture } from '../../worker/protocol';
import type { Cells } from './cells.svelte';
import { windowOf, type FrameCache } from './frames.svelte';

/** Ask again no more often than this for one step. */
const MOST_ASKED = 16;

export function keepFrames(
  session: Session,
  cache: FrameCache,
  map: Cells,
  cells: () => readonly number[],
  zoomed: () => boolean,
): void {
  let info: unknown = null;
  let last: Picture | null = null;
  let step = -1;
  let asked = 0;

  $effect.pre(() => {
    const picture = session.picture;
    if (session.info !== info) {
      info = session.info;
      last = null;
      untrack(() => cache.clear());
    }
    if (!picture) return;
    untrack(() => {
      const stepped = last && between(last, picture);
      if (stepped) cache.carry(stepped, map.signs);
      cache.put(picture.frames, picture.step, session.cells, map.signs);
    });
    last = picture;
  });

  $effect(() => {
    const picture = session.picture;
    const frames = (picture?.map.cells ?? 0) * CELL;
    const wanted = cells();
    if (!picture || frames === 0) return;
    if (picture.step !== step) {
      step = picture.step;
      asked = 0;
    }
    const exact = !session.playing;
    const missing = wanted.filter(
      (cell) => cell * CELL < frames && cache.stale(cell, picture.step, exact, session.cells, map.signs),
    );
    if (missing.length === 0 || asked >= MOST_ASKED) return;
    asked++;
    untrack(() => {
      // On the whole guest the worker follows the step by itself, or the selected frame.
      const follow = !zoomed() && session.view.window !== null && asked === 1;
      void session.look({ window: follow ? null : windowOf(missing, frames) });
    });
  });
}

/** One step on or back, and the cells that it wrote; null: more lies between, or what get_entry answers has changed. */
function between(from: Picture, to: Picture): Parameters<FrameCache['carry']>[0] | null {
  const by = to.step - from.step;
  if (Math.abs(by) !== 1 || claims(from) !== claims(to)) return null;
  // Back: what the step shown wrote itself has to be told anew as well.
  const own = [...(to.map.touched ?? [])];
  return { from: from.step, to: to.step, touched: by > 0 ? own : [...own, ...(from.map.touched ?? [])] };
}

const claims = ({ servers }: Picture): string => servers.map(({ id, claim }) => `${id} ${claim}`).join();
