/** For tests: a session whose worker answers at once, unless told otherwise. */
import { vi } from 'vitest';
import { CELL_COUNTS } from '../engine/census';
import type { ActAt } from '../scenarios/acts';
import type { Act, Picture, SessionInfo, View } from '../worker/protocol';
import type { Server } from './server';
import { Session } from './session.svelte';

const KINDS = Uint8Array.of(1, 0, 3, 1, 2, 1, 3, 1, 4, 1);

const NO_WRITES = Object.fromEntries(
  ['from', 'to', 'gpa', 'size', 'old', 'new', 'outcome', 'server', 'level'].map((name) => [name, new Uint32Array(0)]),
);

/** A run of so many steps, which begins at step 2. */
export const info = (steps: number, undoable: number, acts: readonly ActAt[] = []) =>
  ({
    steps,
    start: 2,
    marks: [],
    kinds: KINDS.slice(0, steps),
    calls: Uint32Array.of(4),
    writes: { length: 0, ...NO_WRITES },
    past: {
      actors: new Uint8Array(steps),
      lockFrom: new Uint32Array(0),
      lockTo: new Uint32Array(0),
      waitVcpu: new Uint8Array(0),
      waitFrom: new Uint32Array(0),
      waitTo: new Uint32Array(0),
    },
    samples: { at: new Uint32Array(0), costs: new Float64Array(0), outstanding: new Uint32Array(0) },
    lanes: ['vcpu0', 'xen'],
    title: 't',
    version: 'today',
    patches: [],
    guest: { bytes: 2 ** 32, frames: 2 ** 20, vcpus: 1 },
    undoable,
    acts: acts.map((at) => ({ ...at, line: JSON.stringify(at.act) })),
    prompts: [],
    notes: [],
  }) as unknown as SessionInfo;

/** A picture on which no cell has changed. */
export const blank = (step: number) =>
  ({ step, map: { cells: 4, changed: new Uint32Array(0), counts: new Uint16Array(0) } }) as unknown as Picture;

/** An answer that comes when it is let. */
export function later<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

export function session(of = KINDS.length) {
  const asked: { step: number; view: View }[] = [];
  let acts: readonly ActAt[] = [];
  const server = {
    open: vi.fn(async (...given: Parameters<Server['open']>) => info(of, 0, (acts = given[3] ?? []))),
    perform: vi.fn(async (step: number, act: Act) => info(step + 5, 1, (acts = [...acts, { step, act }]))),
    undo: vi.fn(async (...[, to]: Parameters<Server['undo']>) => info(of, 0, (acts = to?.acts ?? acts.slice(0, -1)))),
    seek: vi.fn(async (step: number, view: View): Promise<Picture | undefined> => {
      asked.push({ step, view });
      const counts = new Uint16Array(CELL_COUNTS).fill(step);
      return { step, events: [], map: { cells: 4, changed: Uint32Array.of(3), counts } } as unknown as Picture;
    }),
    firstBroken: vi.fn(async (rule: string): Promise<number | null> => (rule === 'shadow.equals' ? 4 : null)),
    check: vi.fn(async () => []),
    question: vi.fn(async () => null),
    where: vi.fn(async () => null),
    trace: vi.fn(async (): Promise<readonly Uint8Array<ArrayBuffer>[]> => [new TextEncoder().encode('{}')]),
    stop: vi.fn(),
    cancel: vi.fn(),
    close: vi.fn(),
  } satisfies Server;
  const connect = vi.fn(() => ({ ...server }));
  return { it: new Session(connect), server, asked, connect };
}
