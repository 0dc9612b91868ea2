/** The worker's side of the protocol over any port: makes runs in slices, so that a stop can get in, and draws their steps. */
import { lookForBroken } from '../engine/findings';
import { parseScenario } from '../scenarios/schema';
import { Session } from './session';
import type { FromWorker, Picture, ToWorker } from './protocol';

/** What both a worker's global scope and a MessagePort can do. */
export interface Port {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const SLICE = 2000;
const SEARCH_SLICE = 50;

export function serve(port: Port): void {
  let session: Session | null = null;
  let opening = 0;
  let stopped = 0;
  const post = (message: FromWorker, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  /** Lets other messages in between two slices. */
  const channel = new MessageChannel();
  const paused: (() => void)[] = [];
  channel.port1.onmessage = () => paused.shift()?.();
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      paused.push(resolve);
      channel.port2.postMessage(null);
    });

  async function open(request: Extract<ToWorker, { type: 'open' }>): Promise<void> {
    const { id } = request;
    opening = id;
    const parsed = parseScenario(request.scenario, request.overrides);
    if (!parsed.ok) return post({ type: 'refused', id, problems: parsed.problems });
    let fresh: Session;
    try {
      fresh = new Session(parsed.scenario);
    } catch (error) {
      return post({ type: 'refused', id, problems: [{ path: 'guest.pool', message: (error as Error).message }] });
    }
    while (!fresh.run(SLICE)) {
      post({ type: 'progress', id, steps: fresh.history.length, of: null });
      await pause();
      if (opening !== id)
        return post({ type: 'refused', id, problems: [{ path: '', message: 'gave way to another' }] });
      if (stopped === id) break;
    }
    session = fresh;
    opened(id, fresh);
  }

  /** Runs on from something that is done at a step, or back to what was before; the session stays as it is until then. */
  async function rerun(request: Extract<ToWorker, { type: 'perform' | 'undo' }>): Promise<void> {
    const { id } = request;
    const of = session;
    opening = id;
    const refuse = (message: string): void => post({ type: 'refused', id, problems: [{ path: '', message }] });
    if (!of) return refuse('no scenario is open');
    const begun = request.type === 'undo' ? (of.undo() ?? 'refused') : of.perform(request.step, request.act);
    if (begun === 'refused') {
      return refuse(request.type === 'undo' ? 'there is nothing to undo' : 'cannot be done at this step');
    }
    if (begun !== 'same') {
      while (!begun.advance(SLICE)) {
        post({ type: 'progress', id, steps: begun.run.history.length, of: null });
        await pause();
        if (opening !== id) return refuse('gave way to another');
        if (stopped === id && begun.mayEnd) break;
      }
      of.keep(begun);
    }
    opened(id, of);
  }

  function opened(id: number, of: Session): void {
    const info = of.info();
    post({ type: 'opened', id, session: info }, [info.kinds.buffer, ...buffers(info.writes)]);
  }

  /** Pictures are drawn in between, and another run ends it. */
  async function find({ id, rule }: Extract<ToWorker, { type: 'find' }>): Promise<void> {
    const of = session?.history;
    const search = of && lookForBroken(of, rule);
    for (let n = 1; search; n++) {
      const { done, value } = search.next();
      if (done) return post({ type: 'found', id, step: value });
      if (n % SEARCH_SLICE === 0) await pause();
      if (session?.history !== of) break;
    }
    post({ type: 'found', id, step: null });
  }

  port.onmessage = ({ data }) => {
    if (data.type === 'open') void open(data);
    else if (data.type === 'perform' || data.type === 'undo') void rerun(data);
    else if (data.type === 'find') void find(data);
    else if (data.type === 'stop') stopped = data.id;
    else if (session && data.type === 'seek') {
      const picture = session.picture(data.step, data.view);
      post({ type: 'picture', id: data.id, picture }, transferables(picture));
    } else post({ type: 'refused', id: data.id, problems: [{ path: '', message: 'no scenario is open' }] });
  };
}

const transferables = ({ map, frames }: Picture): Transferable[] => [
  map.changed.buffer,
  map.counts.buffer,
  frames.types.buffer,
  frames.orders.buffer,
];

const buffers = (columns: object): Transferable[] =>
  Object.values(columns).flatMap((column: unknown) =>
    ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [],
  );
