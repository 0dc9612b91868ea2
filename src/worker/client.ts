/**
 * The page's end of the wire: requests go out with a number, answers come back with it. Every picture that the worker
 * sends is handed on in order, since each carries the map as the difference from the one before.
 */
import type { AuditRule } from '../engine/audit';
import type { Act, FromWorker, Overrides, Picture, Problem, SessionInfo, ToWorker, View } from './protocol';

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

export type Progress = (steps: number, of: number | null) => void;

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
  readonly resolve: (picture: Picture | undefined) => void;
  readonly reject: (error: Error) => void;
}

interface Finding {
  readonly resolve: (step: number | null) => void;
  readonly reject: (error: Error) => void;
}

export class Client {
  readonly #port: Port;
  #last = 0;
  #opening: Opening | undefined;
  /** The seek that the worker is at, and the newest of those that wait for it. */
  #seeking: Seeking | undefined;
  #waiting: Seeking | undefined;
  readonly #finding = new Map<number, Finding>();
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
  open(scenario: unknown, overrides: Overrides = {}, onProgress?: Progress): Promise<SessionInfo> {
    return this.#run((id) => ({ type: 'open', id, scenario, overrides }), onProgress);
  }

  /** Does something at a step and runs on from there. Rejects, and is given up, as `open`; refused, the run stays as it was. */
  perform(step: number, act: Act, onProgress?: Progress): Promise<SessionInfo> {
    return this.#run((id) => ({ type: 'perform', id, step, act }), onProgress);
  }

  /** Brings back the run as it was before the last `perform`. Rejects as `open`: refused when there was none. */
  undo(onProgress?: Progress): Promise<SessionInfo> {
    return this.#run((id) => ({ type: 'undo', id }), onProgress);
  }

  /**
   * The picture of a step. While one is on its way only the newest further request is kept; those it replaces, and all that
   * wait when another scenario is opened, answer undefined.
   */
  seek(step: number, view: View): Promise<Picture | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#supersede();
      this.#waiting = { id: ++this.#last, step, view, resolve, reject };
      this.#send();
    });
  }

  /** First step after which a rule of the audit is broken; null: there is none, or another scenario was opened meanwhile. */
  firstBroken(rule: AuditRule): Promise<number | null> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      const id = ++this.#last;
      this.#finding.set(id, { resolve, reject });
      this.#port.postMessage({ type: 'find', id, rule });
    });
  }

  /** Asks the worker to end early what it runs: what has been run so far is the session. */
  stop(): void {
    if (this.#opening) this.#port.postMessage({ type: 'stop', id: this.#opening.id });
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

  #supersede(): void {
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
  }

  #send(): void {
    if (this.#seeking || !this.#waiting) return;
    this.#seeking = this.#waiting;
    this.#waiting = undefined;
    const { id, step, view } = this.#seeking;
    this.#port.postMessage({ type: 'seek', id, step, view });
  }

  #hear(message: FromWorker): void {
    const opening = message.id === this.#opening?.id ? this.#opening : undefined;
    switch (message.type) {
      case 'progress':
        opening?.onProgress?.(message.steps, message.of);
        return;
      case 'opened':
        if (opening) this.#opening = undefined;
        opening?.resolve(message.session);
        return;
      case 'picture':
        if (message.id !== this.#seeking?.id) return;
        this.#seeking.resolve(message.picture);
        this.#seeking = undefined;
        this.#send();
        return;
      case 'found':
        this.#finding.get(message.id)?.resolve(message.step);
        this.#finding.delete(message.id);
        return;
      case 'refused':
        if (opening) this.#opening = undefined;
        opening?.reject(new RefusedError(message.problems));
        if (message.id === this.#seeking?.id) this.#break(new RefusedError(message.problems).message);
    }
  }

  #break(message: string): void {
    this.#broken ??= new BrokenError(message);
    for (const request of [this.#opening, this.#seeking, this.#waiting]) request?.reject(this.#broken);
    for (const { reject } of this.#finding.values()) reject(this.#broken);
    this.#finding.clear();
    this.#opening = this.#seeking = this.#waiting = undefined;
  }
}
