/** Starts the worker from what lies in the page itself: the build of a single file takes this in place of start.ts. */
import Inline from './worker?worker&inline';

export const startWorker = (): Worker => new Inline();
