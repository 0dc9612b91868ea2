/** Starts the workers from files of their own: the one that runs the session, and those that do jobs beside it. */
export const startWorker = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
export const startExplorer = (): Worker => new Worker(new URL('./explorer.ts', import.meta.url), { type: 'module' });
