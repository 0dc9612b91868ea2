/** The worker's side of jobs over any port: does them in pieces, so that a pause can get in, and tells how far it is. */
import { JobError } from '../explore/job-error';
import { JOBS, type Found, type JobName } from '../explore/jobs';
import type { Progress } from '../explore/progress';
import { buffersOf } from '../explore/search/shard-protocol';
import type { FromExplorer, ToExplorer } from './job-protocol';
import { shardServer } from './serve-shard';

export interface JobPort {
  postMessage(message: FromExplorer, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToExplorer>) => void) | null;
}

/** Milliseconds between two words on how far it is. */
const TELLING = 100;

type Work = AsyncGenerator<Progress, Found<JobName>>;

/** Lets other messages in, without the wait that timers have. */
function breathing(): () => Promise<void> {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    });
}

/** `now`: a clock in milliseconds. `breath`: lets other messages in. */
export function serveJobs(
  port: JobPort,
  now: () => number = () => performance.now(),
  breath: () => Promise<void> = breathing(),
): void {
  /** The jobs that are not over: whether each is to stand still, and what wakes it. */
  const jobs = new Map<number, { paused: boolean; dropped: boolean; wake: () => void }>();

  async function work(id: number, of: Work): Promise<void> {
    const job = { paused: false, dropped: false, wake: () => undefined as void };
    jobs.set(id, job);
    let told = now();
    try {
      for (let piece = await of.next(); ; piece = await of.next()) {
        if (piece.done) return port.postMessage({ type: 'found', id, found: piece.value });
        if (now() - told >= TELLING) {
          told = now();
          port.postMessage({ type: 'progress', id, progress: piece.value, paused: false });
        }
        await breath();
        if (job.paused) {
          port.postMessage({ type: 'progress', id, progress: piece.value, paused: true });
          await new Promise<void>((resolve) => (job.wake = resolve));
        }
        if (job.dropped) return;
      }
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      port.postMessage({ type: 'refused', id, problems: error.problems });
    } finally {
      jobs.delete(id);
    }
  }

  const share = shardServer((message) => port.postMessage({ type: 'shard', message }, buffersOf(message)), now);
  port.onmessage = ({ data }) => {
    if (data.type === 'shard') return share(data.message);
    if (data.type === 'do') {
      const begin = JOBS[data.job] as (told: unknown) => Work;
      // A worker dies of what goes wrong in it, as of any error; of a promise that nobody waits for it would go on without a word.
      work(data.id, begin(data.told)).catch((error: unknown) =>
        queueMicrotask(() => {
          throw error;
        }),
      );
      return;
    }
    const job = jobs.get(data.id);
    if (!job) return;
    job.paused = data.type === 'pause';
    job.dropped = data.type === 'drop';
    if (data.type !== 'pause') job.wake();
  };
}
