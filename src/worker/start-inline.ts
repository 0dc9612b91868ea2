/** Starts the workers from what lies in the page itself: the build of a single file takes this in place of start.ts. */
import Explorer from './explorer?worker&inline';
import Inline from './worker?worker&inline';

export const startWorker = (): Worker => new Inline();
export const startExplorer = (): Worker => new Explorer();
