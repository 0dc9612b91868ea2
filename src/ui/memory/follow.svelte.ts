/** Keeps the frames that are seen up to date: puts what comes into the cache, asks for what is missing. */
import { untrack } from 'svelte';
import { CELL } from '../../layout/map';
import type { Session } from '../../state/session.svelte';
import { windowOf, type FrameCache } from './frames.svelte';

/** Ask again no more often than this for one step. */
const MOST_ASKED = 12;

export function keepFrames(
  session: Session,
  cache: FrameCache,
  cells: () => readonly number[],
  zoomed: () => boolean,
): void {
  let info: unknown = null;
  let step = -1;
  let asked = 0;

  $effect.pre(() => {
    const picture = session.picture;
    if (session.info !== info) {
      info = session.info;
      untrack(() => cache.clear());
    }
    if (picture) untrack(() => cache.put(picture.frames, picture.step, session.cells));
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
      (cell) => cell * CELL < frames && cache.stale(cell, picture.step, exact, session.cells),
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
