/**
 * The worker's side of the protocol over any port: makes runs, searches and files in slices, so that pictures and a stop can get
 * in, and draws steps.
 */
import { lookForBroken } from '../engine/findings';
import type { Done } from '../engine/slices';
import { readScenario } from '../scenarios/base';
import { whyNot } from '../scenarios/lines-why';
import { check } from './check';
import { Answers } from './questions/answers';
import { Session } from './session';
import { traceFile } from './trace-file';
import type { FromWorker, Overrides, Phase, Picture, ToWorker } from './protocol';

/** What both a worker's global scope and a MessagePort can do. */
export interface Port {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

type Asked<T extends ToWorker['type']> = Extract<ToWorker, { type: T }>;

const SLICE = 2000;
const SEARCH_SLICE = 50;
/** Milliseconds for which a picture may be drawn at a stretch: a newer one that is asked for then need not wait longer. */
const DRAWING = 50;

/** A worker dies of what goes wrong in it, as of any error; of a promise that nobody waits for it would go on without a word. */
function watch(work: Promise<void>): void {
  work.catch((error: unknown) =>
    queueMicrotask(() => {
      throw error;
    }),
  );
}

/** `now`: a clock in milliseconds. */
export function serve(port: Port, now: () => number = () => performance.now()): void {
  let session: Session | null = null;
  let opening = 0;
  let drawing = 0;
  /** What is under way and can be stopped, and which of it has been. */
  const under = new Set<number>();
  const stopped = new Set<number>();
  const answers = new Answers();
  const post = (message: FromWorker, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  const refuse = (id: number, message?: string): void =>
    post({ type: 'refused', id, problems: message === undefined ? [] : [{ path: '', message }] });
  const progress = (id: number, phase: Phase, steps: number, of: number | null): void =>
    post({ type: 'progress', id, phase, steps, of });
  /** Lets other messages in between two slices. */
  const channel = new MessageChannel();
  const paused: (() => void)[] = [];
  channel.port1.onmessage = () => paused.shift()?.();
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      paused.push(resolve);
      channel.port2.postMessage(null);
    });

  /** What a `stop` may end. */
  function stoppable(id: number, work: () => Promise<void>): void {
    under.add(id);
    const over = work().finally(() => {
      under.delete(id);
      stopped.delete(id);
    });
    watch(over);
  }

  async function open({ id, scenario, overrides, acts }: Asked<'open'>): Promise<void> {
    opening = id;
    const parsed = await readScenario(scenario, overrides);
    if (opening !== id) return refuse(id, 'gave way to another');
    if (stopped.has(id)) return refuse(id);
    if (!parsed.ok) return post({ type: 'refused', id, problems: parsed.problems });
    // What a file has done in it is done in what was made of it, as far as it goes there.
    const building = Session.build(parsed.scenario, { acts, lenient: acts === undefined && changes(overrides) });
    let fresh: Session;
    try {
      let slice = building.next();
      for (; !slice.done; slice = building.next()) {
        progress(id, 'build', slice.value.done, slice.value.of);
        await pause();
        if (opening !== id) return refuse(id, 'gave way to another');
        if (stopped.has(id)) return refuse(id);
      }
      fresh = slice.value;
    } catch (error) {
      return post({ type: 'refused', id, problems: [{ path: 'guest.pool', message: (error as Error).message }] });
    }
    while (!fresh.run(SLICE)) {
      progress(id, 'run', fresh.history.length, null);
      await pause();
      if (opening !== id) return refuse(id, 'gave way to another');
      if (stopped.has(id)) break;
    }
    if (fresh.refused !== null) return refuseAct(id, fresh.refused);
    session = fresh;
    opened(id, fresh);
  }

  /** Runs on from something that is done at a step, or another run of the guest; the session stays as it is until then. */
  async function rerun(request: Asked<'perform' | 'undo'>): Promise<void> {
    const { id } = request;
    const of = session;
    opening = id;
    if (!of) return refuse(id, 'no scenario is open');
    const begun = begin(of, request);
    if (begun === null) return refuse(id, 'there is nothing to undo');
    if (begun === 'refused') return refuse(id, `cannot be done at this step${reason(of, request)}`);
    if (typeof begun !== 'string') {
      while (!begun.advance(SLICE)) {
        progress(id, 'run', begun.history.length, null);
        await pause();
        if (opening !== id) return refuse(id, 'gave way to another');
        if (stopped.has(id) && begun.mayEnd) break;
      }
      if (begun.refused !== null) return refuseAct(id, begun.refused);
      of.keep(begun);
    }
    opened(id, of);
  }

  function reason({ history }: Session, request: Asked<'perform' | 'undo'>): string {
    if (request.type !== 'perform' || !(request.step >= 0 && request.step <= history.length)) return '';
    return `: ${whyNot(history.at(request.step), request.act)}`;
  }

  function begin(of: Session, request: Asked<'perform' | 'undo'>): ReturnType<Session['perform']> | null {
    if (request.type === 'perform') return of.perform(request.step, request.act);
    return request.to ? of.become(request.to.acts, request.to.steps) : of.undo();
  }

  const refuseAct = (id: number, place: number): void =>
    post({ type: 'refused', id, problems: [{ path: `acts[${place}]`, message: 'cannot be done at its step' }] });

  function opened(id: number, of: Session): void {
    const info = of.info();
    const columns = [info.writes, info.past, info.samples].flatMap(buffers);
    post({ type: 'opened', id, session: info }, [info.kinds.buffer, ...columns]);
  }

  /**
   * Does long work on the run that is open, pictures being drawn in between. undefined: it was stopped, or another run has
   * taken the place of this one.
   */
  async function inBetween<T>(id: number, phase: Phase, work: Generator<Done, T>): Promise<T | undefined> {
    const of = session;
    const edition = of?.edition;
    for (;;) {
      const slice = work.next();
      if (slice.done) return slice.value;
      progress(id, phase, slice.value.done, slice.value.of);
      await pause();
      if (stopped.has(id) || session !== of || of?.edition !== edition) return undefined;
    }
  }

  async function find({ id, rule }: Asked<'find'>): Promise<void> {
    const step = session && (await inBetween(id, 'find', search(session, rule)));
    if (stopped.has(id)) refuse(id);
    else post({ type: 'found', id, step: step ?? null });
  }

  async function question({ id, of }: Asked<'question'>): Promise<void> {
    if (!session) return refuse(id, 'no scenario is open');
    const asked = await inBetween(id, 'run', answers.question(session, of, now));
    if (asked === undefined) refuse(id);
    else post({ type: 'asked', id, question: asked });
  }

  async function trace({ id, format }: Asked<'trace'>): Promise<void> {
    if (!session) return refuse(id, 'no scenario is open');
    const parts = await inBetween(id, 'trace', traceFile(session.history, format, session.info()));
    if (!parts) return refuse(id);
    post(
      { type: 'traced', id, parts },
      parts.map(({ buffer }) => buffer),
    );
  }

  /** Draws at once what can be; what takes long gives way to a newer picture, and to another run. */
  async function seek({ id, step, view }: Asked<'seek'>): Promise<void> {
    const of = session;
    if (!of) return refuse(id, 'no scenario is open');
    drawing = id;
    const { edition } = of;
    const work = of.draw(step, view);
    let far: Done = { done: 0, of: 1 };
    for (let since = now(); ;) {
      const slice = work.next();
      if (slice.done) return post({ type: 'picture', id, picture: slice.value }, transferables(slice.value));
      far = slice.value ?? far;
      if (now() - since < DRAWING) continue;
      progress(id, 'seek', far.done, far.of);
      await pause();
      if (drawing !== id || session !== of || of.edition !== edition) return post({ type: 'superseded', id });
      since = now();
    }
  }

  port.onmessage = ({ data }) => {
    const { id } = data;
    switch (data.type) {
      case 'open':
        return stoppable(id, () => open(data));
      case 'perform':
      case 'undo':
        return stoppable(id, () => rerun(data));
      case 'find':
        return stoppable(id, () => find(data));
      case 'trace':
        return stoppable(id, () => trace(data));
      case 'check':
        return watch(check(data.text).then((problems) => post({ type: 'checked', id, problems })));
      case 'question':
        return stoppable(id, () => question(data));
      case 'where':
        return post({ type: 'found', id, step: session?.questioned.places.step(data.place) ?? null });
      case 'seek':
        return watch(seek(data));
      case 'stop':
        if (under.has(id)) stopped.add(id);
    }
  };
}

/** Whether the page has made anything else of the file. */
const changes = (overrides: Overrides): boolean => Object.values(overrides).some((value) => value !== undefined);

/** Looks for the first step at which a rule is broken, with pauses. */
function* search({ history }: Session, rule: Asked<'find'>['rule']): Generator<Done, number | null> {
  const look = lookForBroken(history, rule);
  for (let done = 1; ; done++) {
    const next = look.next();
    if (next.done) return next.value;
    if (done % SEARCH_SLICE === 0) yield { done, of: history.length };
  }
}

/** All of these are made for one picture. */
const transferables = ({ map, frames, ept }: Picture): Transferable[] => [
  ...buffers(map),
  ...buffers(frames),
  ...buffers(ept.entries),
];

const buffers = (columns: object): Transferable[] =>
  Object.values(columns).flatMap((column: unknown) =>
    ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [],
  );
