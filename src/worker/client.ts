/**
 * The page's end of the wire: requests go out with a number, answers come back with it. Every picture that the worker
 * sends is handed on in order, since each carries the map as the difference from the one before.
 */
import type { AuditRule } from '../engine/audit';
import type { ActAt } from '../scenarios/acts';
import type { Place } from '../scenarios/lesson';
import type {
  Act,
  FromWorker,
  Overrides,
  Phase,
  Picture,
  Problem,
  Question,
  QuestionOf,
  SessionInfo,
  ToWorker,
  TraceFormat,
  View,
} from './protocol';

/** A Worker, or one end of a MessageChannel. */
export interface Port {
  postMessage(message: ToWorker): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  start?(): void;
  terminate?(): void;
  close?(): void;
}

/** The worker will not open what it was given. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((p) => `${p.path}: ${p.message}`).join('\n'));
    this.problems = problems;
  }
}

/** The worker died, or what it said cannot be read. Nothing more will come from it. */
export class BrokenError extends Error {
  override readonly name = 'BrokenError';
}

/** How far long work is: in steps, while a guest is built in frames. */
export type Progress = (done: number, of: number | null, phase: Phase) => void;

interface Opening {
  readonly id: number;
  readonly onProgress: Progress | undefined;
  readonly resolve: (info: SessionInfo) => void;
  readonly reject: (error: Error) => void;
}
interface Seeking {
  readonly id: number;
  readonly step: number;
  readonly view: View;
  readonly onProgress: Progress | undefined;
  readonly resolve: (picture: Picture | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Long work beside the pictures: `answer` takes what it comes to. */
interface Work {
  readonly onProgress: Progress | undefined;
  readonly answer: (message: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

export class Client {
  readonly #port: Port;
  #last = 0;
  #opening: Opening | undefined;
  /**
   * The seeks that the worker has, and the newest of those that wait. It has one, and is given a newer one only once it has
   * said that this one takes long.
   */
  readonly #seeking: Seeking[] = [];
  #long = false;
  #waiting: Seeking | undefined;
  readonly #working = new Map<number, Work>();
  #broken: BrokenError | undefined;

  constructor(port: Port) {
    this.#port = port;
    port.addEventListener('message', (event) => this.#hear((event as MessageEvent<FromWorker>).data));
    port.addEventListener('messageerror', () => this.#break('an answer of the worker could not be read'));
    port.addEventListener('error', (event) => this.#break((event as ErrorEvent).message || 'the worker stopped'));
    port.start?.();
  }

  /**
   * Runs a scenario in the worker. Rejects with RefusedError when the scenario is not one, in which case the session
   * before it stays open, and with BrokenError when the worker dies. A second call gives up the first (RefusedError with
   * no problems).
   */
  open(
    scenario: unknown,
    overrides: Overrides = {},
    onProgress?: Progress,
    acts?: readonly ActAt[],
  ): Promise<SessionInfo> {
    return this.#run((id) => ({ type: 'open', id, scenario, overrides, ...(acts && { acts }) }), onProgress);
  }

  /** Does something at a step and runs on from there. Rejects, and is given up, as `open`; refused, the run stays as it was. */
  perform(step: number, act: Act, onProgress?: Progress): Promise<SessionInfo> {
    return this.#run((id) => ({ type: 'perform', id, step, act }), onProgress);
  }

  /**
   * The run without the last act, or that in which the acts of `to` are done: see protocol.ts. Rejects as `open`: refused where
   * there is nothing to undo, or one of the acts cannot be done.
   */
  undo(onProgress?: Progress, to?: Extract<ToWorker, { type: 'undo' }>['to']): Promise<SessionInfo> {
    return this.#run((id) => ({ type: 'undo', id, ...(to && { to }) }), onProgress);
  }

  /**
   * The picture of a step. While one is on its way only the newest further request is kept; those it replaces, and all that
   * wait when another scenario is opened, answer undefined. One that takes long reports its progress, and gives way to a
   * newer one.
   */
  seek(step: number, view: View, onProgress?: Progress): Promise<Picture | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#supersede();
      this.#waiting = { id: ++this.#last, step, view, onProgress, resolve, reject };
      this.#send();
    });
  }

  /**
   * First step after which a rule of the audit is broken; null: there is none, or another scenario was opened meanwhile.
   * Cancelled, it rejects with RefusedError (no problems).
   */
  firstBroken(rule: AuditRule, onProgress?: Progress): Promise<number | null> {
    return this.#work(
      (id) => ({ type: 'find', id, rule }),
      (message) => (message.type === 'found' ? message.step : undefined),
      onProgress,
    );
  }

  /**
   * All events of the run as a file: parts of UTF-8 text, for a Blob. Cancelled, or given up since another run took the place
   * of this one, it rejects with RefusedError (no problems).
   */
  trace(format: TraceFormat, onProgress?: Progress): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    return this.#work(
      (id) => ({ type: 'trace', id, format }),
      (message) => (message.type === 'traced' ? message.parts : undefined),
      onProgress,
    );
  }

  /** What is wrong with the text of a scenario file; nothing: it is one. */
  check(text: string): Promise<readonly Problem[]> {
    return this.#work(
      (id) => ({ type: 'check', id, text }),
      (message) => (message.type === 'checked' ? message.problems : undefined),
    );
  }

  /** A question about the run that is open, with what is true; null: nothing can be asked there. Cancelled as `trace`. */
  question(of: QuestionOf, onProgress?: Progress): Promise<Question | null> {
    return this.#work(
      (id) => ({ type: 'question', id, of }),
      (message) => (message.type === 'asked' ? message.question : undefined),
      onProgress,
    );
  }

  /** The first step of a place in the run; null: there is none. */
  where(place: Place): Promise<number | null> {
    return this.#work(
      (id) => ({ type: 'where', id, place }),
      (message) => (message.type === 'found' ? message.step : undefined),
    );
  }

  /** Asks the worker to end early what it runs: what has been run so far is the session. A guest half built is given up. */
  stop(): void {
    if (this.#opening) this.#port.postMessage({ type: 'stop', id: this.#opening.id });
  }

  /** Gives up every search and every file that is under way. */
  cancel(): void {
    for (const id of this.#working.keys()) this.#port.postMessage({ type: 'stop', id });
  }

  /** Lets go of the worker; all that is under way is rejected. */
  close(): void {
    this.#break('closed');
    this.#port.terminate?.();
    this.#port.close?.();
  }

  #run(message: (id: number) => ToWorker, onProgress: Progress | undefined): Promise<SessionInfo> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#opening?.reject(new RefusedError([]));
      this.#supersede();
      const id = ++this.#last;
      this.#opening = { id, onProgress, resolve, reject };
      try {
        this.#port.postMessage(message(id));
      } catch (error) {
        this.#opening = undefined;
        reject(new RefusedError([{ path: '', message: String(error) }]));
      }
    });
  }

  #work<T>(
    message: (id: number) => ToWorker,
    read: (message: FromWorker) => T | undefined,
    onProgress?: Progress,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      const id = ++this.#last;
      const answer = (message: FromWorker): void => {
        const value = read(message);
        if (value !== undefined) resolve(value);
      };
      this.#working.set(id, { onProgress, answer, reject });
      this.#port.postMessage(message(id));
    });
  }

  #supersede(): void {
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
  }

  #send(): void {
    if (!this.#waiting || (this.#seeking.length > 0 && !this.#long)) return;
    const { id, step, view } = this.#waiting;
    this.#seeking.push(this.#waiting);
    this.#waiting = undefined;
    this.#long = false;
    this.#port.postMessage({ type: 'seek', id, step, view });
  }

  #hear(message: FromWorker): void {
    const { id } = message;
    const opening = id === this.#opening?.id ? this.#opening : undefined;
    const seeking = this.#seeking.find((one) => one.id === id);
    const working = this.#working.get(id);
    switch (message.type) {
      case 'progress':
        (opening ?? seeking ?? working)?.onProgress?.(message.steps, message.of, message.phase);
        if (seeking && seeking === this.#seeking.at(-1)) {
          this.#long = true;
          this.#send();
        }
        return;
      case 'opened':
        if (opening) this.#opening = undefined;
        opening?.resolve(message.session);
        return;
      case 'picture':
      case 'superseded':
        if (!seeking) return;
        this.#seeking.splice(this.#seeking.indexOf(seeking), 1);
        seeking.resolve(message.type === 'picture' ? message.picture : undefined);
        if (this.#seeking.length === 0) this.#long = false;
        this.#send();
        return;
      case 'found':
      case 'traced':
      case 'checked':
      case 'asked':
        this.#working.delete(id);
        working?.answer(message);
        return;
      case 'refused':
        if (opening) this.#opening = undefined;
        this.#working.delete(id);
        (opening ?? working)?.reject(new RefusedError(message.problems));
        if (seeking) this.#break(new RefusedError(message.problems).message);
    }
  }

  #break(message: string): void {
    this.#broken ??= new BrokenError(message);
    const requests = [this.#opening, ...this.#seeking, this.#waiting, ...this.#working.values()];
    for (const request of requests) request?.reject(this.#broken);
    this.#working.clear();
    this.#seeking.length = 0;
    this.#opening = this.#waiting = undefined;
  }
}
