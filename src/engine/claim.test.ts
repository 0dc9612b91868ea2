import { describe, expect, test } from 'vitest';
import { XenBug } from './bug';
import { changeClaim, CLAIM_FLAGS, mapMemType, sweepBatch } from './claim';
import { SWEEP } from './machines/sweep';
import { domainOf, MFN, typeAt } from './claim-testing';
import { HVMMEM } from './dm';
import type { Domain } from './domain';
import { IoreqServers } from './ioreq';
import { P2M } from './p2m-type';
import { VERSIONS, xenWith, type PatchName, type Xen } from './patches';
import { Store } from './store';

const T15 = HVMMEM.ioreq_server;
const { write } = CLAIM_FLAGS;

/** A Xen with the patches of the claim series and these. */
const with2019 = (...names: PatchName[]): Xen =>
  xenWith([...Object.entries(VERSIONS.claim).flatMap(([n, on]) => (on ? [n as PatchName] : [])), ...names]);
const without = (...names: PatchName[]): Xen =>
  xenWith(
    Object.entries(VERSIONS.claim).flatMap(([n, on]) =>
      on && !names.includes(n as PatchName) ? [n as PatchName] : [],
    ),
  );

const trap = (domain: Domain, gfn: number, nr = 1): void => expect(domain.setMemType(gfn, nr, T15)).toBe(0);
/** Server 1 claims type 15, traps gfns 3 and 700, and gives the claim up. */
function released(xen: Xen): Domain {
  const domain = domainOf(xen);
  domain.mapMemType(1, T15, write);
  trap(domain, 3);
  trap(domain, 700);
  domain.mapMemType(1, T15, 0);
  return domain;
}

describe('the claim call refuses', () => {
  test('EINVAL: another type, a flag but WRITE, a release by who holds nothing', () => {
    const domain = domainOf();
    const calls: [type: number, flags: number][] = [
      [HVMMEM.ram_rw, write],
      [HVMMEM.unused, write],
      [99, write],
      [T15, CLAIM_FLAGS.read],
      [T15, CLAIM_FLAGS.read | write],
      [T15, 4],
      [T15, 0],
    ];
    for (const [type, flags] of calls) expect(domain.mapMemType(1, type, flags)).toEqual({ rc: 'EINVAL', opaque: 0 });
    domain.mapMemType(1, T15, write);
    expect(domain.mapMemType(2, T15, 0).rc).toBe('EINVAL');
  });

  test('ENOENT: no such server', () => {
    expect(domainOf().mapMemType(4, T15, write).rc).toBe('ENOENT');
    expect(domainOf().mapMemType(4, T15, 0).rc).toBe('ENOENT');
  });

  test('EOPNOTSUPP: no hardware-assisted paging, or no claim in this Xen, whatever else is wrong', () => {
    expect(domainOf(VERSIONS.claim, false, { paging: 'shadow' }).mapMemType(9, 9, 9).rc).toBe('EOPNOTSUPP');
    expect(domainOf(VERSIONS.v7).mapMemType(1, T15, write).rc).toBe('EOPNOTSUPP');
  });

  test('EOPNOTSUPP: the default server, where the table keeps an id for it', () => {
    const { p2m } = domainOf();
    const servers = new IoreqServers(new Store().state, 0, { xen: p2m.xen, table: 'array' });
    expect(changeClaim({ p2m, servers }, 0, 99, write)).toBe('EOPNOTSUPP');
  });

  test('EBUSY: a server holds the claim, even the one that asks', () => {
    const domain = domainOf();
    domain.mapMemType(1, T15, write);
    expect([1, 2].map((id) => domain.mapMemType(id, T15, write).rc)).toEqual(['EBUSY', 'EBUSY']);
  });

  test('EBUSY: entries of a holder that was destroyed are outstanding, and nothing takes them away', () => {
    const domain = domainOf();
    domain.mapMemType(1, T15, write);
    trap(domain, 3);
    domain.destroyServer(1);
    expect(domain.p2m.getIoreqServer()).toEqual({ server: null, flags: 0 });
    for (let gfn = 0; gfn < 8; gfn++) domain.touch(gfn, 0);
    expect([typeAt(domain, 3), domain.mapMemType(2, T15, write).rc]).toEqual([P2M.ioreq_server, 'EBUSY']);
    expect(domain.setMemType(3, 1, HVMMEM.ram_rw)).toBe(0);
    expect(domain.mapMemType(2, T15, write).rc).toBe(0);
  });

  test('EBUSY: such entries under a pending mark are reported as RAM at once, and gone at the next touch', () => {
    const domain = domainOf();
    domain.setLogDirty(true);
    domain.mapMemType(1, T15, write);
    domain.setMemType(3, 1, HVMMEM.ram_rw);
    trap(domain, 3);
    domain.setLogDirty(false);
    expect(typeAt(domain, 3)).toBe(P2M.ioreq_server);
    domain.destroyServer(1);
    expect([typeAt(domain, 3), domain.mapMemType(2, T15, write).rc]).toEqual([P2M.ram_rw, 'EBUSY']);
    domain.touch(3, 0);
    expect(domain.mapMemType(2, T15, write).rc).toBe(0);
  });

  test('ERESTART: it gives way every 256 frames, and goes on where it stopped', () => {
    const domain = domainOf(VERSIONS.claim, true);
    domain.mapMemType(1, T15, write);
    trap(domain, 900);
    const { regs } = domain.p2m;
    const stops: [opaque: number, entries: number][] = [];
    let answer = domain.mapMemType(1, T15, 0);
    for (; answer.rc === 'ERESTART'; answer = domain.mapMemType(1, T15, 0, answer.opaque)) {
      stops.push([answer.opaque, regs.entryCount]);
      if (regs.entryCount > 0) expect(domain.mapMemType(2, T15, write).rc).toBe('EBUSY');
    }
    // Gfn 512 settles the whole table that 900 is in; Xen gives way once more before it looks at the count.
    expect(stops).toEqual([
      [256, 1],
      [512, 1],
      [768, 0],
    ]);
    expect(answer.rc).toBe(0);
  });

  test('a server may claim the type while the release that freed it has still to return', () => {
    const domain = domainOf(VERSIONS.claim, true);
    domain.mapMemType(1, T15, write);
    trap(domain, 3);
    const { rc, opaque } = domain.mapMemType(1, T15, 0);
    expect([rc, opaque]).toEqual(['ERESTART', 256]);
    expect(domain.mapMemType(2, T15, write).rc).toBe(0);
    trap(domain, 700);
    // The rest of the sweep meets the new owner's page and leaves it alone.
    for (let at = opaque; at !== 0;) {
      const answer = domain.mapMemType(1, T15, 0, at);
      at = answer.rc === 'ERESTART' ? answer.opaque : 0;
    }
    expect([domain.p2m.claimHolder, typeAt(domain, 700)]).toEqual([2, P2M.ioreq_server]);
  });

  test('ENOMEM: a superpage had to be split and there was no table', () => {
    const domain = domainOf();
    const { p2m } = domain;
    domain.mapMemType(1, T15, write);
    trap(domain, 3);
    p2m.changeTypeRange(500, 600, P2M.ram_rw, P2M.ram_logdirty);
    // A 2 MiB page across the border of the log-dirty range.
    p2m.setEntry(512, MFN + 512, 9, P2M.ram_rw);
    p2m.pool.limit = p2m.pool.inUse;
    p2m.setIoreqServer(1, 0);
    p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
    expect(sweepBatch(p2m, 512)).toEqual({ rc: 'ENOMEM', next: SWEEP.at.idle });
  });
});

test('a continuation value that the caller made up skips every check, and sweeps', () => {
  const domain = domainOf();
  domain.mapMemType(1, T15, write);
  trap(domain, 3);
  domain.p2m.setIoreqServer(1, 0);
  domain.p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
  expect(domain.mapMemType(99, 77, 0, 1).rc).toBe(0);
  expect(domain.p2m.regs.entryCount).toBe(0);
  // Other flags than 0 make it do nothing at all.
  expect(domain.mapMemType(2, T15, write, 1).rc).toBe(0);
  expect(domain.p2m.claimHolder).toBeNull();
  expect(domainOf(without('syncSweep', 'sweepResolves')).mapMemType(99, 77, 0, 1).rc).toBe('EINVAL');
});

describe('what each patch of the claim mends', () => {
  test('without asyncReset the next owner inherits the pages', () => {
    const domain = released(without('asyncReset', 'syncSweep', 'sweepResolves'));
    expect(domain.mapMemType(2, T15, write).rc).toBe(0);
    expect(typeAt(domain, 3)).toBe(P2M.ioreq_server);
  });

  test('without syncSweep the type is free when the guest has touched every page', () => {
    const domain = released(without('syncSweep', 'sweepResolves'));
    expect([typeAt(domain, 3), domain.p2m.regs.entryCount]).toEqual([P2M.ram_rw, 2]);
    domain.touch(3, 0);
    expect(domain.mapMemType(2, T15, write).rc).toBe('EBUSY');
    domain.touch(700, 0);
    expect(domain.mapMemType(2, T15, write).rc).toBe(0);
  });

  test('without sweepResolves the sweep changes nothing', () => {
    const domain = released(without('sweepResolves'));
    expect([domain.p2m.regs.entryCount, domain.mapMemType(2, T15, write).rc]).toEqual([2, 'EBUSY']);
  });

  test('with sweepResolves it is free at once', () => {
    const domain = released(VERSIONS.claim);
    expect([domain.p2m.regs.entryCount, domain.mapMemType(2, T15, write).rc]).toEqual([0, 0]);
  });

  test('without sweepAnswersZero success is 1 if the last frame swept had something to change', () => {
    const sweep = (xen: Xen): unknown => {
      const domain = domainOf(xen);
      domain.mapMemType(1, T15, write);
      trap(domain, 1023);
      domain.p2m.setIoreqServer(1, 0);
      domain.p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
      return domain.p2m.finishTypeChange(1023, 1);
    };
    expect([sweep(VERSIONS.claim), sweep(with2019('sweepAnswersZero'))]).toEqual([1, 0]);
  });

  test('countHelper counts nothing on EPT, so that a release resets nothing', () => {
    const domain = released(with2019('countHelper'));
    expect([domain.p2m.regs.entryCount, typeAt(domain, 3), domain.mapMemType(2, T15, write).rc]).toEqual([
      0,
      P2M.ioreq_server,
      0,
    ]);
  });

  test('countHelper is right on page tables of the other kind', () => {
    const domain = domainOf(with2019('countHelper'), false, { paging: 'npt' });
    domain.mapMemType(1, T15, write);
    trap(domain, 3);
    expect(domain.p2m.regs.entryCount).toBe(1);
  });

  test('with countLevel alone a release with pages outstanding stops the host', () => {
    const domain = domainOf(with2019('countHelper', 'countLevel'));
    domain.mapMemType(1, T15, write);
    trap(domain, 3);
    expect(domain.p2m.regs.entryCount).toBe(1);
    expect(() => domain.mapMemType(1, T15, 0)).toThrow(XenBug);
  });

  test('with markLevel as well it is as before 2019', () => {
    const domain = released(with2019('countHelper', 'countLevel', 'markLevel'));
    expect([domain.p2m.regs.entryCount, typeAt(domain, 3), typeAt(domain, 700)]).toEqual([0, P2M.ram_rw, P2M.ram_rw]);
  });
});

test('`mapMemType` takes any domain with a map and servers', () => {
  const { p2m, servers } = domainOf();
  expect(mapMemType({ p2m, servers }, 1, T15, write)).toEqual({ rc: 0, opaque: 0 });
});
