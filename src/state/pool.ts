/**
 * Workers that do jobs beside the session's: all cores but one, started when there is something to do and let go when there is not.
 * Jobs wait in line; one that is paused keeps its worker.
 */
import type { Found, JobName, Progress, Told } from '../explore/jobs';
import { JobError } from '../explore/job-error';
import type { FromExplorer, ToExplorer } from '../worker/job-protocol';

export interface PoolWorker {
  postMessage(message: ToExplorer): void;
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
  stop(): void;
}

/** The user has stopped it. */
export class Stopped extends Error {}

interface Waiting {
  readonly id: number;
  readonly message: Extract<ToExplorer, { type: 'do' }>;
  readonly onProgress: (progress: Progress, paused: boolean) => void;
  readonly resolve: (found: Found<JobName>) => void;
  readonly reject: (error: Error) => void;
  worker: PoolWorker | null;
}

export class Pool {
  readonly size: number;
  readonly #start: () => PoolWorker;
  readonly #idle: PoolWorker[] = [];
  readonly #line: Waiting[] = [];
  readonly #under = new Map<number, Waiting>();
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
    const message = { type: 'do', id, job, told } as Waiting['message'];
    const found = new Promise<Found<JobName>>((resolve, reject) => {
      this.#line.push({ id, message, onProgress, resolve, reject, worker: null });
    });
    this.#next();
    const say = (type: 'pause' | 'go'): void => this.#under.get(id)?.worker?.postMessage({ type, id });
    return {
      found: found as Promise<Found<K>>,
      pause: () => say('pause'),
      resume: () => say('go'),
      stop: () => this.#stop(id),
    };
  }

  #next(): void {
    while (this.#line.length > 0 && this.#under.size < this.size) {
      const it = this.#line.shift()!;
      const worker = this.#idle.pop() ?? this.#start();
      it.worker = worker;
      this.#under.set(it.id, it);
      worker.onmessage = ({ data }) => this.#hear(it, data);
      worker.onerror = (event) => {
        worker.terminate();
        this.#over(it, () => it.reject(new Error(event.message || 'the worker died')));
      };
      worker.postMessage(it.message);
    }
    // Nothing is left to do: a worker holds memory.
    if (this.#under.size === 0) for (const worker of this.#idle.splice(0)) worker.terminate();
  }

  #hear(it: Waiting, data: FromExplorer): void {
    if (data.id !== it.id) return;
    if (data.type === 'progress') return it.onProgress(data.progress, data.paused);
    this.#idle.push(it.worker!);
    this.#over(it, () => {
      if (data.type === 'found') it.resolve(data.found);
      else it.reject(new JobError(data.problems));
    });
  }

  #stop(id: number): void {
    const waiting = this.#line.findIndex((it) => it.id === id);
    if (waiting >= 0) return this.#line.splice(waiting, 1)[0]!.reject(new Stopped('stopped'));
    const it = this.#under.get(id);
    if (!it) return;
    // What it holds goes with it.
    it.worker!.terminate();
    this.#over(it, () => it.reject(new Stopped('stopped')));
  }

  #over(it: Waiting, tell: () => void): void {
    this.#under.delete(it.id);
    tell();
    this.#next();
  }
}
