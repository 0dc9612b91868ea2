/** Gestures are loaded at the first sign of somebody there: the first picture needs none of them. */
import type * as gestures from './gestures';

type Module = typeof gestures;

const SIGNS = ['pointermove', 'pointerdown', 'wheel', 'keydown', 'touchstart'] as const;
let module: Module | null = null;
let loading: Promise<Module> | null = null;
const load = (): Promise<Module> => (loading ??= import('./gestures').then((loaded) => (module = loaded)));

/** Runs `begin` when the gestures are there, at once if they are; what it answers undoes it. Answers what undoes all. */
export function atFirstSign(begin: (gestures: Module) => () => void): () => void {
  let undo: (() => void) | null = null;
  let gone = false;
  const sign = (): void => {
    stop();
    void load().then((loaded) => {
      if (!gone) undo = begin(loaded);
    });
  };
  const stop = (): void => {
    for (const name of SIGNS) removeEventListener(name, sign);
  };
  if (module) undo = begin(module);
  else for (const name of SIGNS) addEventListener(name, sign, { passive: true });
  return () => {
    gone = true;
    stop();
    undo?.();
  };
}
