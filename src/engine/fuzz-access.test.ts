/**
 * What a guest and a device model can throw at Xen without a hypercall: any access at any address, and anything at all
 * scribbled into the shared pages. Nothing is thrown, and where there is a plain way to say what must come of it, it does.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BufioreqRing, BUFIOREQ_SLOTS } from './bufioreq';
import { copyFromGuest, copyToGuest, mapGuestFrame, mapLinear, shadowTarget, type CopyHost } from './copy';
import { NO_ENVIRONMENT } from './dm';
import { IoreqServers } from './ioreq';
import { IOREQ_TYPE, selectServer } from './ioreq-select';
import { bindSlot, complete, respond, send, SLOT, SLOT_STATE, take } from './ioreq-slot';
import { Memory } from './memory';
import { hapNestedPageFault } from './nested-page-fault';
import { P2M, P2M_ACCESS } from './p2m-type';
import { PRESETS, VERSIONS } from './patches';
import { machineOf, place, RAM_MFN } from './replay/machine';
import { BARE, WILLING } from './replay/set-mem-type';
import { Store } from './store';
import { u64 } from './words64';

const TOP = 2n ** 64n;
const u32 = fc.oneof(
  fc.constantFrom(0, 1, 2, 4, 8, 0xcf8, 0xcfc, 0xffff, 0x8000_0000, 0xffff_ffff),
  fc.nat({ max: 0xffff_ffff }),
);
const address = fc.oneof(
  fc.bigInt({ min: 0n, max: 80n }),
  fc.constantFrom(0xcf8n, 0xcfcn, 0xcffn, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 63n, TOP - 1n),
  fc.bigInt({ min: 0n, max: TOP - 1n }),
);
const access = fc.record({
  type: fc.constantFrom(...Object.values(IOREQ_TYPE), 3, 255),
  at: address,
  size: fc.oneof(fc.constantFrom(1, 2, 4, 8), u32),
  count: fc.oneof(fc.constantFrom(1, 1, 2, 7), u32),
  df: fc.boolean(),
  dir: fc.constantFrom(0, 1),
  dataIsPtr: fc.boolean(),
  value: address,
});
const range = fc.tuple(address, fc.bigInt({ min: 0n, max: 40n }));

describe('choosing a server', () => {
  test('finds the newest enabled one that holds every byte of the access, and none else', () => {
    const check = fc.property(
      fc.array(fc.array(range, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      fc.array(access, { minLength: 1, maxLength: 30 }),
      u32,
      (held, on, accesses, cf8) => {
        const servers = new IoreqServers(new Store().state, 0, { xen: VERSIONS.today });
        const bytes = held.map((ranges, i) => {
          servers.create(0);
          servers.setState(i + 1, on[i]!);
          return ranges.filter(([s, n]) => s + n < TOP && servers.mapRange(i + 1, 'memory', s, s + n) === 0);
        });
        servers.cf8 = cf8;
        for (const { at, ...rest } of accesses) {
          const { server } = selectServer(servers, { ...rest, addr: u64(at) });
          if (rest.type !== IOREQ_TYPE.copy) continue;
          const length = BigInt(rest.size) * BigInt(rest.count);
          const first = rest.df ? at - length + BigInt(rest.size) : at;
          const last = first + length - 1n;
          // An access that wraps, or is empty, has no bytes that one could look up.
          if (first < 0n || last >= TOP || length === 0n) continue;
          // Neighbours have grown together: an access may lie across them.
          const has = (ranges: (typeof bytes)[number], byte: bigint): bigint | null => {
            const found = ranges.find(([s, n]) => s <= byte && byte <= s + n);
            return found ? found[0] + found[1] : null;
          };
          const covers = (ranges: (typeof bytes)[number]): boolean => {
            let byte = first;
            for (let end = has(ranges, byte); end !== null && byte <= last; end = has(ranges, byte)) byte = end + 1n;
            return byte > last;
          };
          const want = bytes.findLastIndex((ranges, i) => on[i]! && covers(ranges));
          expect(server).toBe(want < 0 ? null : want + 1);
        }
      },
    );
    fc.assert(check, { numRuns: 300 });
  });
});

describe('a slot that the device model scribbles in', () => {
  test('ends in one of the outcomes there are, and a state that is none crashes the domain', () => {
    const act = fc.oneof(
      fc.record({ op: fc.constant('send' as const), access }),
      fc.record({
        op: fc.constant('scribble' as const),
        field: fc.constantFrom('state', 'eport', 'dataLo'),
        value: u32,
      }),
      fc.record({ op: fc.constantFrom('take', 'respond', 'complete') }),
    );
    const check = fc.property(fc.array(act, { minLength: 1, maxLength: 40 }), (acts) => {
      const slot = SLOT.at(new Store().state, 0);
      bindSlot(slot, 7);
      for (const a of acts) {
        const { state, pending, eport } = slot;
        if (a.op === 'send' && 'access' in a) {
          const { at, value, ...rest } = a.access;
          const ready = state === SLOT_STATE.none && eport === 7;
          expect(send(slot, { ...rest, addr: u64(at), data: u64(value) }, 7)).toBe(ready ? 'RETRY' : 'UNHANDLEABLE');
          if (ready) expect([slot.state, slot.pending]).toEqual([SLOT_STATE.ready, 1]);
        } else if (a.op === 'scribble' && 'field' in a) slot[a.field as 'state'] = a.value;
        else if (a.op === 'take') expect(take(slot)).toBe(state === SLOT_STATE.ready);
        else if (a.op === 'respond') expect(respond(slot)).toBe(state === SLOT_STATE.inprocess);
        else {
          const known = ['done', 'wait', 'wait', 'done'][state] ?? 'crash';
          expect(complete(slot).outcome).toBe(pending === 0 ? 'idle' : known);
          expect(slot.pending).toBe(known === 'wait' ? pending : 0);
        }
      }
    });
    fc.assert(check, { numRuns: 200 });
  });
});

describe('a ring whose pointers the device model moves', () => {
  test.each([0, 1, 2])('takes a request or refuses it, and writes nowhere else (mode %i)', (mode) => {
    const check = fc.property(
      u32,
      u32,
      fc.array(access, { maxLength: 20 }),
      fc.boolean(),
      (read, write, accesses, refuses) => {
        const space = new Store().state;
        const ring = new BufioreqRing(space, 8, mode, { unbufferable: refuses });
        ring.readPointer = read;
        ring.writePointer = write;
        for (const { at, value, ...rest } of accesses) {
          const before = ring.pending;
          const { rc, queued } = ring.send({ ...rest, addr: u64(at), data: u64(value) });
          expect(rc === 'UNHANDLEABLE' && queued).toBe(false);
          expect((ring.pending - before) >>> 0).toBe(!queued ? 0 : rest.size === 8 ? 2 : 1);
          if (queued) expect(ring.pending).toBeLessThanOrEqual(BUFIOREQ_SLOTS);
          if (queued && mode === 2) expect(ring.readPointer).toBeLessThan(BUFIOREQ_SLOTS);
        }
        expect([space.get(7), space.get(8 + BufioreqRing.words)]).toEqual([0, 0]);
      },
    );
    fc.assert(check, { numRuns: 100 });
  });
});

describe('a page fault and a copy at any address, on every preset', () => {
  const gpa = fc.oneof(
    fc.nat({ max: 20 * 4096 }),
    fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 44 - 1, 2 ** 44, 2 ** 52 - 1),
    fc.maxSafeInteger().map((n) => Math.abs(n) % 2 ** 52),
  );
  const what = fc.constantFrom('read', 'write', 'exec', 'in', 'out', 'map', 'frame', 'shadow');
  const types = Object.values(P2M).filter((type) => type !== P2M.map_foreign);

  test.each(PRESETS.map(({ name }) => name))('Xen %s', (version) => {
    const check = fc.property(
      fc.array(fc.tuple(what, gpa, fc.nat({ max: 9000 })), { minLength: 1, maxLength: 30 }),
      fc.constantFrom('ept' as const, 'npt' as const),
      fc.constantFrom(NO_ENVIRONMENT, WILLING),
      (acts, paging, environment) => {
        const { store, p2m } = machineOf(VERSIONS[version], paging);
        p2m.build([{ gfn: 0, frames: 16, mfn: RAM_MFN, type: P2M.ram_rw, order: 0 }]);
        for (const type of types) place(p2m, type, type, BARE, P2M_ACCESS.rwx);
        const host: CopyHost = { p2m, memory: new Memory(store), environment };
        for (const [kind, at, bytes] of acts) {
          const gfn = Math.floor(at / 4096);
          const inside = gfn + Math.floor(bytes / 4096) < 16;
          if (kind === 'read' || kind === 'write' || kind === 'exec') {
            const fault = hapNestedPageFault(p2m, gfn, kind);
            // What is not there is emulated, whatever the access.
            if (gfn >= 16) expect([fault.step, fault.handled]).toEqual(['emulate', true]);
          } else if (kind === 'in' || kind === 'out') {
            const data = new Uint8Array(bytes);
            const copied = kind === 'in' ? copyToGuest(host, at, data) : copyFromGuest(host, at, data);
            expect(copied.bytes).toBeLessThanOrEqual(bytes);
            expect(copied.result === 'okay').toBe(copied.bytes === bytes);
            if (!inside && gfn >= 16 && bytes > 0) expect(copied).toEqual({ result: 'bad_gfn_to_mfn', bytes: 0 });
          } else if (kind === 'map') {
            const map = mapLinear(host, at, bytes % 16, true);
            if (gfn >= 16) expect(map.outcome).toBe(bytes % 16 === 0 ? 'error' : 'null');
          } else if (gfn >= 16) {
            expect(kind === 'frame' ? mapGuestFrame(host, gfn, true) : shadowTarget(host, at)).toBe(
              kind === 'frame' ? null : 'badGfn',
            );
          } else if (kind === 'frame') mapGuestFrame(host, gfn, true);
          else shadowTarget(host, at);
          expect(p2m.getEntry(20).mfn).toBe(null);
        }
        expect(p2m.maxMapped).toBe(15);
      },
    );
    fc.assert(check, { numRuns: 25 });
  });
});
