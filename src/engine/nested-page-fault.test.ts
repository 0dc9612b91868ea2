import { describe, expect, test } from 'vitest';
import { NO_ENVIRONMENT } from './dm';
import {
  checkAccess,
  hapNestedPageFault,
  nestedPageFault,
  NO_FAULT_ENVIRONMENT,
  type FaultEnvironment,
  type Listener,
} from './nested-page-fault';
import { Law } from './machines/law';
import { PAGE_TYPE } from './machines/page-type';
import type { P2m } from './p2m';
import { P2M, P2M_ACCESS, P2M_ACCESS_NAMES, P2M_TYPE_COUNT, type P2mType } from './p2m-type';
import { VERSIONS, xenWith } from './patches';
import { place, smallGuest } from './replay/machine';
import { BARE } from './replay/set-mem-type';
import { agreed, replayVectors } from './vectors/replay';

describe('a guest access that is refused or emulated: agrees with what Xen was measured to do', () => {
  test.each([
    ['access.json', 641 + 1248],
    ['patches/d909cb9999-before/access.json', 213 + 479],
    ['patches/d909cb9999/access.json', 213 + 479],
    ['patches/ca2b511d3f/access.json', 240 + 1299],
    ['patches/4b602cced9/access.json', 240 + 1299],
  ])('%s', (name, rows) => {
    expect(replayVectors(name)).toEqual(agreed(rows));
  });
});

const KINDS = ['read', 'write', 'exec'] as const;
const types = Array.from({ length: P2M_TYPE_COUNT }, (_, i) => i as P2mType);
const gen2 = xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed']);

describe('the rule', () => {
  test.each([VERSIONS.v7, gen2, VERSIONS.claim])('knows all types, and only an emulation holds the lock', (xen) => {
    for (const type of types) {
      for (const kind of KINDS) {
        const { step, handled, lockHeld } = nestedPageFault(xen, Law.of(PAGE_TYPE, xen), { type, check: null }, kind);
        expect(handled).toBe(step !== 'fatal');
        expect(lockHeld).toBe(step === 'emulate' ? xen.lockThroughEmulation : null);
      }
    }
  });

  test('a fetch from type 15 kills the guest before the claim, and is tried for ever after', () => {
    const step = (xen: typeof gen2) =>
      nestedPageFault(xen, Law.of(PAGE_TYPE, xen), { type: P2M.ioreq_server, check: null }, 'exec').step;
    expect([step(VERSIONS.v7), step(gen2), step(VERSIONS.claim)]).toEqual(['fatal', 'fatal', 'ram']);
  });

  test('before b4986813c5 a write to type 15 is nobody’s', () => {
    const xen = xenWith([]);
    const { step } = nestedPageFault(xen, Law.of(PAGE_TYPE, xen), { type: P2M.ioreq_server, check: null }, 'write');
    expect(step).toBe('fatal');
  });
});

describe('an access that p2m_access forbids', () => {
  const allowed = (kind: (typeof KINDS)[number]): string[] =>
    P2M_ACCESS_NAMES.filter((name) => checkAccess(P2M_ACCESS[name], kind, 'present') === null);
  test('is any but those', () => {
    expect(allowed('read')).toEqual(['r', 'rw', 'rx', 'rwx', 'rx2rw']);
    // A write counts as a read too.
    expect(allowed('write')).toEqual(['rw', 'rwx']);
    expect(allowed('exec')).toEqual(['x', 'rx', 'wx', 'rwx', 'rx2rw']);
  });

  test.each<[keyof typeof P2M_ACCESS, Listener, object]>([
    ['n', 'present', { event: true, goesOn: false, becomes: null, crash: false }],
    ['n', 'absent', { event: false, goesOn: false, becomes: P2M_ACCESS.rwx, crash: false }],
    ['n', 'missing', { event: false, goesOn: true, becomes: null, crash: true }],
    ['n2rwx', 'present', { event: true, goesOn: true, becomes: P2M_ACCESS.rwx, crash: false }],
    ['n2rwx', 'missing', { event: false, goesOn: true, becomes: P2M_ACCESS.rwx, crash: true }],
    ['rx2rw', 'present', { event: false, goesOn: false, becomes: P2M_ACCESS.rw, crash: false }],
  ])('%s, listener %s', (access, listener, outcome) => {
    expect(checkAccess(P2M_ACCESS[access], 'write', listener)).toEqual(outcome);
  });
});

describe('carried out', () => {
  const guest = (type: P2mType, access: keyof typeof P2M_ACCESS = 'rwx'): P2m => {
    const p2m = smallGuest(VERSIONS.claim, 'ept', 16);
    place(p2m, 5, type, BARE, P2M_ACCESS[access]);
    return p2m;
  };
  const listening = (listener: Listener): FaultEnvironment => ({
    ...NO_FAULT_ENVIRONMENT,
    check: (access, kind) => checkAccess(access, kind, listener),
  });

  test('a write to a log-dirty page makes it plain RAM and marks it', () => {
    const p2m = guest(P2M.ram_logdirty);
    const marked: number[] = [];
    const environment = { ...NO_FAULT_ENVIRONMENT, markDirty: (gfn: number) => void marked.push(gfn) };
    expect(hapNestedPageFault(p2m, 5, 'write', environment)).toMatchObject({ step: 'ram', dirty: true, event: false });
    expect([p2m.getEntry(5).type, marked]).toEqual([P2M.ram_rw, [5]]);
  });

  test('where nobody listens the restriction is dropped and the access tried again', () => {
    const p2m = guest(P2M.ram_rw, 'r');
    expect(hapNestedPageFault(p2m, 5, 'write')).toMatchObject({ step: 'checked', handled: true, dirty: false });
    expect(p2m.getEntry(5).access).toBe(P2M_ACCESS.rwx);
    expect(hapNestedPageFault(p2m, 5, 'write')).toMatchObject({ step: 'ram', dirty: true });
  });

  test('n2rwx tells the listener once; type and page are dealt with as ever', () => {
    const p2m = guest(P2M.ioreq_server, 'n2rwx');
    const fault = hapNestedPageFault(p2m, 5, 'write', listening('present'));
    expect(fault).toMatchObject({ step: 'emulate', lockHeld: true, event: true });
    expect(p2m.getEntry(5).access).toBe(P2M_ACCESS.rwx);
  });

  test('a listener that is missing crashes the domain; a fault that went on past it is not fatal besides', () => {
    const p2m = guest(P2M.grant_map_rw, 'n');
    const fault = hapNestedPageFault(p2m, 5, 'read', listening('missing'));
    expect(fault).toMatchObject({ step: 'retry', handled: true, crashed: true });
    expect(p2m.regs.crashes).toBe(1);
  });

  test('a broken page crashes the domain', () => {
    expect(hapNestedPageFault(guest(P2M.ram_broken), 5, 'read')).toMatchObject({ step: 'fatal', crashed: true });
  });

  test('ENOMEM: a shared page that cannot be un-shared kills the guest unless somebody makes room', () => {
    const fault = hapNestedPageFault(guest(P2M.ram_shared), 5, 'write');
    expect(fault).toMatchObject({ step: 'unshare', handled: false, unshared: true });
    const helped = { ...NO_FAULT_ENVIRONMENT, enomemHelper: true };
    expect(hapNestedPageFault(guest(P2M.ram_shared), 5, 'write', helped).handled).toBe(true);
  });

  test('a paged page is asked for, and the vCPU tries again', () => {
    const asked: number[] = [];
    const environment = {
      ...NO_FAULT_ENVIRONMENT,
      ...NO_ENVIRONMENT,
      pageIn: (_: P2m, gfn: number) => void asked.push(gfn),
    };
    expect(hapNestedPageFault(guest(P2M.ram_paged), 5, 'read', environment)).toMatchObject({ handled: true });
    expect(asked).toEqual([5]);
  });
});
