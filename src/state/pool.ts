/**
 * Workers that do jobs beside the session's: all cores but one, started when there is something to do and let go when there is not.
 * Jobs wait in line; one that is paused keeps its worker.
 */
import type { Found, JobName, Told } from '../explore/jobs';
import type { Progress } from '../explore/progress';
import { JobError } from '../explore/job-error';
import { buffersOf, type ShardPort } from '../explore/search/shard-protocol';
import type { FromExplorer, ToExplorer } from '../worker/job-protocol';

export interface PoolWorker {
  postMessage(message: ToExplorer, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromExplorer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A job that was asked for. */
export interface Running<K extends JobName> {
  /** What was found. Rejects with JobError for what the user can mend, with `Stopped` after `stop`, with Error when the worker died. */
  readonly found: Promise<Found<K>>;
  pause(): void;
  resume(): void;
  readonly stop: () => void;
}

/** The user has stopped it. */
export class Stopped extends Error {}

/** Workers that are lent for a search that they make together, each the port of its share. */
export interface Lent {
  readonly ports: readonly ShardPort[];
  /** Never resolves. Rejects with `Stopped` after `stop`, with Error when one of them died. */
  readonly gone: Promise<never>;
  /** Whether nothing is asked of them for now: then they are stopped as soon as another job waits for a worker. */
  rest(is: boolean): void;
  /** Nothing more is asked of them: they do other jobs. */
  giveBack(): void;
  /** What they hold goes with them. */
  readonly stop: () => void;
}

interface Waiting {
  /** Workers that it can do with. */
  readonly most: number;
  begin(workers: readonly PoolWorker[]): void;
}

export class Pool {
  readonly size: number;
  readonly #start: () => PoolWorker;
  readonly #idle: PoolWorker[] = [];
  readonly #line: Waiting[] = [];
  /** Workers that have something to do, or are lent. */
  #busy = 0;
  readonly #resting = new Set<Lent>();
  #ids = 0;

  /** `cores`: of the machine. */
  constructor(start: () => PoolWorker, cores = 2) {
    this.#start = start;
    this.size = Math.max(1, cores - 1);
  }

  /** Asks for a job; it is done as soon as a worker is free. */
  run<K extends JobName>(
    job: K,
    told: Told<K>,
    onProgress: (progress: Progress, paused: boolean) => void = () => undefined,
  ): Running<K> {
    const id = ++this.#ids;
    let worker: PoolWorker | null = null;
    let stop: () => void = () => undefined;
    const found = new Promise<Found<K>>((resolve, reject) => {
      const waiting: Waiting = {
        most: 1,
        begin: ([its]) => {
          worker = its!;
          const over = (tell: () => void, alive: boolean): void => {
            worker = null;
            stop = () => undefined;
            tell();
            this.#back([its!], alive);
          };
          stop = () => over(() => reject(new Stopped('stopped')), false);
          its!.onerror = (event) => over(() => reject(diedOf(event)), false);
          its!.onmessage = ({ data }) => {
            if (data.type === 'shard' || data.id !== id) return;
            if (data.type === 'progress') onProgress(data.progress, data.paused);
            else if (data.type === 'found') over(() => resolve(data.found as Found<K>), true);
            else over(() => reject(new JobError(data.problems)), true);
          };
          its!.postMessage({ type: 'do', id, job, told } as ToExplorer);
        },
      };
      stop = () => this.#leave(waiting, reject);
      this.#wait(waiting);
    });
    return {
      found,
      pause: () => worker?.postMessage({ type: 'pause', id }),
      resume: () => worker?.postMessage({ type: 'go', id }),
      stop: () => stop(),
    };
  }

  /** Lends all workers that are free, one at least, once there is one. */
  lend(): { readonly lent: Promise<Lent>; readonly stop: () => void } {
    let stop: () => void = () => undefined;
    const lent = new Promise<Lent>((resolve, reject) => {
      const waiting: Waiting = {
        most: this.size,
        begin: (workers) => {
          const it = this.#lends(workers);
          stop = () => it.stop();
          resolve(it);
        },
      };
      stop = () => this.#leave(waiting, reject);
      this.#wait(waiting);
    });
    return { lent, stop: () => stop() };
  }

  #lends(workers: readonly PoolWorker[]): Lent {
    let over = false;
    let fail: (error: Error) => void = () => undefined;
    const gone = new Promise<never>((_, reject) => (fail = reject));
    // Whoever asks the shares waits for it; nobody need.
    gone.catch(() => undefined);
    const ends = (alive: boolean, error?: Error): void => {
      if (over) return;
      over = true;
      this.#resting.delete(lent);
      if (error) fail(error);
      this.#back(workers, alive);
    };
    const ports = workers.map((worker): ShardPort => {
      const port: ShardPort = {
        post: (message) => worker.postMessage({ type: 'shard', message }, buffersOf(message)),
        hear: null,
      };
      worker.onmessage = ({ data }) => {
        if (data.type === 'shard' && !over) port.hear?.(data.message);
      };
      worker.onerror = (event) => ends(false, diedOf(event));
      return port;
    });
    const rest = (is: boolean): void => {
      if (is && !over) this.#resting.add(lent);
      else this.#resting.delete(lent);
      this.#next();
    };
    const lent: Lent = {
      ports,
      gone,
      rest,
      giveBack: () => ends(true),
      stop: () => ends(false, new Stopped('stopped')),
    };
    return lent;
  }

  #wait(waiting: Waiting): void {
    this.#line.push(waiting);
    this.#next();
  }
  /** Waits no longer. */
  #leave(waiting: Waiting, reject: (error: Error) => void): void {
    const at = this.#line.indexOf(waiting);
    if (at < 0) return;
    this.#line.splice(at, 1);
    reject(new Stopped('stopped'));
  }

  #next(): void {
    const [resting] = this.#resting;
    if (resting && this.#line.length > 0 && this.#busy === this.size) return resting.stop();
    while (this.#line.length > 0 && this.#busy < this.size) {
      const it = this.#line.shift()!;
      const workers = Array.from(
        { length: Math.min(it.most, this.size - this.#busy) },
        () => this.#idle.pop() ?? this.#start(),
      );
      this.#busy += workers.length;
      it.begin(workers);
    }
    // Nothing is left to do: a worker holds memory.
    if (this.#busy === 0) for (const worker of this.#idle.splice(0)) worker.terminate();
  }

  #back(workers: readonly PoolWorker[], alive: boolean): void {
    this.#busy -= workers.length;
    if (alive) this.#idle.push(...workers);
    else for (const worker of workers) worker.terminate();
    this.#next();
  }
}

const diedOf = (event: ErrorEvent): Error => new Error(event.message || 'the worker died');
