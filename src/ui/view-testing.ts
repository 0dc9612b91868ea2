/** What tests of the views of writes, servers and costs share: as much of a session as a view reads, and sizes. */
import { vi, type Mock } from 'vitest';
import { noCosts } from '../engine/trace';
import { Prices } from '../state/prices.svelte';
import type { Session } from '../state/session.svelte';
import type { ServerPicture, SessionInfo } from '../worker/protocol';

export const NO_WRITES = {
  length: 0,
  from: new Uint32Array(0),
  to: new Uint32Array(0),
  gpa: new Float64Array(0),
  size: new Uint8Array(0),
  old: new Uint32Array(0),
  new: new Uint32Array(0),
  outcome: new Uint8Array(0),
  server: new Uint8Array(0),
  level: new Uint8Array(0),
};

const INFO = {
  typeNames: Array.from({ length: 16 }, (_, type) => (type === 15 ? 'p2m_ioreq_server' : `p2m_${type}`)),
  claims: true,
  lanes: ['vcpu0', 'vcpu1', 'xen'],
  writes: NO_WRITES,
  past: { actors: new Uint8Array(0) },
  samples: { at: new Uint32Array(0), costs: new Float64Array(0), outstanding: new Uint32Array(0) },
  costs: {},
} as unknown as SessionInfo;

/** With what was asked of it. */
export type FakeSession = Session & { readonly asked: { readonly seek: Mock; readonly select: Mock } };

export function fakeSession(picture: object, info: object = {}, more: object = {}): FakeSession {
  const asked = { seek: vi.fn(), select: vi.fn() };
  return {
    picture: {
      servers: [],
      slots: [],
      events: [],
      focus: null,
      costs: { write: noCosts(), total: noCosts() },
      ...picture,
    },
    info: { ...INFO, ...info },
    view: { gfn: null },
    pointed: null,
    opened: 1,
    step: 20,
    of: 40,
    asked,
    ...asked,
    prices: new Prices(() => undefined),
    ...more,
  } as unknown as FakeSession;
}

export const server = (more: Partial<ServerPicture>): ServerPicture => ({
  id: 1,
  name: 'XenGT',
  enabled: true,
  isDefault: false,
  claim: 0,
  entries: 0,
  cap: 256,
  memory: [],
  port: [],
  pci: [],
  others: [],
  types: [],
  pages: null,
  ring: null,
  ...more,
});

/** Every element is of this size, px, until `restore` is called. */
export function sized(width: number, height: number): { restore(): void } {
  const of = (name: 'clientWidth' | 'clientHeight', value: number) =>
    vi.spyOn(HTMLElement.prototype, name, 'get').mockReturnValue(value);
  const spies = [of('clientWidth', width), of('clientHeight', height)];
  return { restore: () => spies.forEach((spy) => spy.mockRestore()) };
}

/** What is written in the first place of this kind. */
export const text = (selector: string): string | undefined =>
  document.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim();
