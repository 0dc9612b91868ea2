/** For tests: a small run, its columns, and the picture of some of its steps. */
import type { Actor, AnyEvent } from '../../engine/trace';
import { lanePlan } from '../../layout/lane-plan';
import type { LanesPicture, PastColumns, SessionInfo } from '../../worker/protocol';
import { sceneOf, type Looked, type Scene } from './scene';

export const ACTORS: readonly Actor[] = ['vcpu0', 'vcpu1', 'xen', 'xengt', 'qemu', 'toolstack'];

export const event = (
  step: number,
  actor: Actor,
  code: string,
  params: object,
  cause: number | null,
  more: object = {},
): AnyEvent =>
  ({
    step,
    index: 0,
    actor,
    code,
    params,
    cause: cause && { step: cause, index: 0 },
    costs: {},
    ...more,
  }) as unknown as AnyEvent;

/** One trapped write: fault, emulation, request, device model. */
export const WRITE: LanesPicture = {
  from: 1,
  to: 5,
  events: [
    event(
      1,
      'vcpu0',
      'exit.violation',
      { vcpu: 0, gpa: 0x1a4c31e8, gfn: 0x1a4c3, size: 8, kind: 'write', level: 0 },
      null,
    ),
    event(2, 'xen', 'fault.emulate', { vcpu: 0, gfn: 0x1a4c3, type: 15, locked: true }, 1),
    event(3, 'xen', 'ioreq.ready', { vcpu: 0, gfn: 0x1a4c3, gpa: 0x1a4c31e8, server: 1 }, 2),
    event(4, 'xengt', 'ioreq.inprocess', { vcpu: 0, server: 1, gpa: 0x1a4c31e8, by: 'xengt' }, 3),
    event(5, 'xengt', 'dm.write', { gfn: 0x1a4c3, level: 0, index: 61, low: 0, high: 0 }, 4),
  ],
  locks: [{ actor: 'xen', name: 'gfn lock', from: 2, to: 3 }],
  waits: [{ actor: 'vcpu0', from: 1, to: 5 }],
  ends: [],
};

/** A run of so many steps in which the lanes act in turn. */
export function infoOf(steps: number, more: Partial<SessionInfo> = {}, past: Partial<PastColumns> = {}): SessionInfo {
  const none = new Uint32Array(0);
  return {
    lanes: ACTORS,
    paging: 'ept',
    steps,
    complete: true,
    kinds: new Uint8Array(steps),
    typeNames: Array.from({ length: 16 }, (_, type) => (type === 15 ? 'ioreq_server' : 'ram_rw')),
    claims: true,
    marks: [],
    acts: [],
    past: {
      actors: Uint8Array.from({ length: steps }, (_, i) => i % 4),
      lockFrom: none,
      lockTo: none,
      waitVcpu: new Uint8Array(0),
      waitFrom: none,
      waitTo: none,
      ...past,
    },
    ...more,
  } as unknown as SessionInfo;
}

const NOTHING: Looked['view'] = {
  window: null,
  known: () => false,
  around: (from, to) => ({ from, to, events: [] }),
  ends: [],
};

/** The scene of a pane that is so large. */
export const sceneIn = (
  size: { readonly width: number; readonly height: number },
  lanes: LanesPicture,
  step: number,
  more: Partial<Looked> = {},
): Scene => {
  const plan = lanePlan(size.width, size.height, false);
  const pixels = plan.end - plan.start;
  const info = infoOf(lanes.to);
  return sceneOf({ view: NOTHING, info, followed: { lanes, step }, plan, pixels, dpr: 1, qemu: 0, chain: [], ...more });
};

/** The scene of a window of one's own; `events` are all that is known. */
export function windowIn(
  size: { readonly width: number; readonly height: number },
  info: SessionInfo,
  window: { readonly from: number; readonly to: number },
  events: LanesPicture['events'] = [],
  more: Partial<Looked> = {},
): Scene {
  const known = new Set(events.map(({ step }) => step));
  const view: Looked['view'] = {
    window,
    known: (step) => known.has(step),
    around: (from, to) => ({ from, to, events: events.filter(({ step }) => step >= from && step <= to) }),
    ends: [],
  };
  return sceneIn(size, { ...WRITE, to: info.steps }, 1, { view, info, followed: null, ...more });
}
