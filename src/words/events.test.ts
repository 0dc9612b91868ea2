import { describe as group, expect, test } from 'vitest';
import type { Errno } from '../engine/errno';
import type { Events } from '../engine/events';
import type { AnyEvent, EventCode } from '../engine/trace';
import { describe, tell, type Names } from './events';
import { plain, say } from './parts';
import { faultsOf } from './testing';

const typeNames = [...Array.from({ length: 15 }, (_, i) => `type${i}`), 'ioreq_server'];
const NAMES: Names = { typeNames, claims: true };

function event<C extends EventCode>(code: C, params: Events[C], errno?: Errno): AnyEvent {
  const made = { step: 1, index: 0, actor: 'xen', code, params, cause: null, costs: {} };
  return (errno ? { ...made, errno } : made) as unknown as AnyEvent;
}
const access = { vcpu: 31, gpa: 0xf_ffff_fff8, gfn: 0xffffff, size: 8 };
const value = { low: 0xffffffff, high: 0xffffffff };
const range = { server: 15, start: 0xffffff000, end: 0xfffffffff };

group('an event that no shipped scenario has, or not at its longest, is told by the rules', () => {
  test.each([
    event('guest.write', { ...access, ...value, count: 512 }),
    event('guest.write', { ...access, ...value, count: 1 }),
    event('guest.read', { ...access, ...value }),
    event('guest.rmw', { ...access, ...value }),
    event('guest.noMemory', { vcpu: 31, op: 'bind' }),
    event('exit.violation', { ...access, ...value, kind: 'rmw', level: 3 }),
    event('exit.violation', { ...access, ...value, size: 1, kind: 'read', level: 0 }),
    event('exit.misconfig', { ...access, kind: 'rmw', level: 3 }),
    event('fault.resolved', { vcpu: 0, gfn: 0xffffff, changed: true }),
    event('fault.resolved', { vcpu: 0, gfn: 0xffffff, changed: false }),
    event('fault.emulate', { vcpu: 0, gfn: 0xffffff, type: 15, locked: false }),
    event('fault.ram', { vcpu: 0, gfn: 0xffffff, type: 2, dirtied: true }),
    event('fault.ram', { vcpu: 0, gfn: 0xffffff, type: 0, dirtied: false }),
    event('fault.fatal', { vcpu: 0, gfn: 0xffffff, type: 13 }),
    event('io.select', { vcpu: 0, gfn: 0xffffff, server: 15, by: 'range', comparisons: 256 }),
    event('io.select', { vcpu: 0, gfn: 0xffffff, server: 15, by: 'claim', comparisons: 0 }),
    event('io.select', { vcpu: 0, gfn: 0xffffff, server: 0, by: 'none', comparisons: 1 }),
    event('io.readHalf', { vcpu: 0, gfn: 0xffffff, ...value }),
    event('io.retry', { vcpu: 31, gfn: 0xffffff }),
    event('io.discard', { vcpu: 0, gfn: 0xffffff, type: 15, write: true }),
    event('io.discard', { vcpu: 0, gfn: 0xffffff, type: 15, write: false }),
    event('io.unhandleable', { vcpu: 31, gfn: 0xffffff, why: 'slotBusy' }),
    event('io.unhandleable', { vcpu: 31, gfn: 0xffffff, why: 'size' }),
    event('ioreq.ready', { ...access, ...value, server: 15, write: false }),
    event('vcpu.resume', { vcpu: 31, gfn: 0xffffff, write: false, ...value }),
    event('dm.read', { gfn: 0xffffff }),
    event('dm.write', { gfn: 0xffffff, level: 0, index: 511, old: 0, oldHigh: 0, ...value, tracked: false }),
    event('dm.write', { gfn: 0xffffff, level: 3, index: 511, old: 0, oldHigh: 0, ...value, tracked: true }),
    event('dm.mapRange', { ...range, ranges: 256 }, 'ENOMEM'),
    event('dm.mapRange', { ...range, ranges: 7 }, 'EEXIST'),
    event('dm.unmapRange', { ...range, ranges: 7 }, 'ENOENT'),
    event('dm.claim', { server: 2, flags: 2 }, 'EBUSY'),
    event('dm.claim', { server: 2, flags: 2 }, 'EOPNOTSUPP'),
    event('dm.create', { server: 0 }, 'ENOMEM'),
    event('dm.protect', { gfn: 0xffffff, level: 0 }, 'ENOMEM'),
    event('dm.protect', { gfn: 0xffffff, level: 0 }, 'EINVAL'),
    event('dm.unprotect', { gfn: 0xffffff }, 'EAGAIN'),
  ])('%j', (made) => {
    expect(faultsOf(tell(made, NAMES))).toEqual([]);
    expect(faultsOf(tell(made, { ...NAMES, claims: false }))).toEqual([]);
  });
});

const told = (made: AnyEvent, names = NAMES): string => plain(tell(made, names).sentence);

test('a sentence has the numbers of its event', () => {
  expect(told(event('guest.write', { ...access, ...value, count: 1 }))).toBe(
    'vCPU 31 writes 0xffffffffffffffff to plain RAM at 0xffffffff8: no exit.',
  );
  expect(told(event('dm.shadowEntry', { gfn: 5, level: 1, index: 58, target: 0x800004 }))).toBe(
    'XenGT writes entry 58 of the shadow PD: machine frame 0x800004.',
  );
  expect(told(event('fault.emulate', { vcpu: 0, gfn: 0x1a, type: 15, locked: true }))).toContain('ioreq_server');
});

test('a refusal is told by its errno, not as if it had been done', () => {
  const done = event('dm.protect', { gfn: 0x5e8, level: 0 });
  const refused = event('dm.protect', { gfn: 0x5e8, level: 0 }, 'ENOMEM');
  expect(told(done)).toBe('XenGT makes the PT in frame 0x5e8 a page of type ioreq_server.');
  expect(told(refused)).toBe('ENOMEM: Xen has no frame left to split the mapping of frame 0x5e8.');
});

test('a step is told by its last event, and no step by the guest as it was built', () => {
  const events = [
    event('io.select', { vcpu: 0, gfn: 0xc0, server: 0, by: 'none', comparisons: 1 }),
    event('io.discard', { vcpu: 0, gfn: 0xc0, type: 3, write: true }),
  ];
  expect(plain(describe(events, NAMES).sentence)).toBe('The write to frame 0xc0 (type3) is discarded.');
  expect(faultsOf(describe([], NAMES))).toEqual([]);
});

test('the two marks of a sentence become parts, and the check finds what breaks the rules', () => {
  expect(say('a **bold** word and `code`.')).toEqual([
    { text: 'a ' },
    { text: 'bold', bold: true },
    { text: ' word and ' },
    { text: 'code', mono: true },
    { text: '.' },
  ]);
  const why = say('Because.');
  expect(faultsOf({ sentence: say('**Good.**'), why })).toEqual([]);
  for (const bad of [
    'plain.',
    '**two** **bold**.',
    '**undefined** it is.',
    '**no end**',
    `**long** ${'x'.repeat(110)}.`,
  ]) {
    expect(faultsOf({ sentence: say(bad), why })).toHaveLength(1);
  }
  expect(faultsOf({ sentence: say('**Good.**'), why: say('') })).toHaveLength(2);
});
