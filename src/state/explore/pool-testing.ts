/** For tests: a pool whose workers are of this realm. */
import type { FromExplorer } from '../../worker/job-protocol';
import { serveJobs } from '../../worker/serve-jobs';
import { Pool, type PoolWorker } from '../pool';

// Node looks into one port a thousand times before it looks into another.
const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export function poolHere(cores = 2): Pool {
  let time = 0;
  return new Pool((): PoolWorker => {
    const { port1, port2 } = new MessageChannel();
    // Every look at the clock finds a second gone by: each piece is told.
    serveJobs(port2, () => (time += 1000), breath);
    const worker: PoolWorker = {
      postMessage: (message) => port1.postMessage(message),
      terminate: () => port1.close(),
      onmessage: null,
      onerror: null,
    };
    port1.onmessage = (event: MessageEvent<FromExplorer>) => worker.onmessage?.(event);
    return worker;
  }, cores);
}
