/** Printing the step that is shown: a sheet of its own, in the light theme, with the page's picture as vectors. */
import { flushSync, mount, tick, unmount } from 'svelte';
import type { Session } from '../../state/session.svelte';
import type { Theme } from '../../state/theme.svelte';
import { toSvg } from '../export/to-svg';
import Handout from './Handout.svelte';

/** Opens the browser's dialog for printing; comes back when it is closed. */
export async function printHandout(session: Session, theme: Theme): Promise<void> {
  theme.onPaper(true);
  try {
    // Canvases are drawn anew with the next frame after the theme changed.
    await tick();
    await frame();
    await frame();
    const main = document.querySelector('main');
    const sheet = mount(Handout, { target: document.body, props: { session, picture: main && toSvg(main) } });
    flushSync();
    window.print();
    await unmount(sheet);
  } finally {
    theme.onPaper(false);
  }
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
