import { describe as group, expect, test } from 'vitest';
import type { AnyEvent } from '../engine/trace';
import { describe, tell, type Names } from './events';
import { access, event, EVERY, NAMES, REFUSED, value } from './events-testing';
import { plain, say } from './parts';
import { short } from './short';
import { faultsOf } from './testing';

/** In every kind of guest. */
const faults = (made: AnyEvent): string[] =>
  (['ept', 'npt'] as const).flatMap((paging) =>
    [true, false].flatMap((claims) => faultsOf(tell(made, { ...NAMES, claims, paging }))),
  );

group('at its longest', () => {
  test('every kind of event is told by the rules, and has a label of 24 characters at the most', () => {
    expect(EVERY.flatMap(faults)).toEqual([]);
    const labels = EVERY.flatMap((made) => [short(made), short(made, 'npt')]);
    expect(labels.filter((label) => label.length > 24 || /undefined|NaN/.test(label))).toEqual([]);
  });

  test('every refusal is told by the rules, teaches, and names the function that says no', () => {
    expect(REFUSED.flatMap(faults)).toEqual([]);
    for (const made of REFUSED) {
      const { sentence, why } = tell(made, NAMES);
      expect(sentence[0]).toEqual({ text: made.errno, bold: true });
      expect([plain(sentence), why.some(({ text, mono }) => mono && /^[a-z_0-9]+$/.test(text))]).toEqual([
        expect.not.stringContaining('Xen refuses the request'),
        true,
      ]);
    }
  });

  test('a refusal that has no words of its own still names its errno and what was asked', () => {
    const made = event('dm.enable', { server: 2 }, 'EPERM');
    expect([told(made), faults(made)]).toEqual(['EPERM: Xen refuses the request.', []]);
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
  const done = event('dm.protect', { gfn: 0x5e8, level: 0, watch: 'type' });
  const refused = event('dm.protect', { gfn: 0x5e8, level: 0, watch: 'type' }, 'ENOMEM');
  expect(told(done)).toBe('XenGT makes the PT in frame 0x5e8 a page of type ioreq_server.');
  expect(told(refused)).toBe('ENOMEM: Xen has no frame left to split the mapping of frame 0x5e8.');
});

test('what Intel and AMD call differently is called as the guest has it', () => {
  const violation = event('exit.violation', { ...access, ...value, kind: 'write', level: 0 });
  const marked = event('exit.misconfig', { ...access, kind: 'write', level: 2 });
  const on = (paging: Names['paging']) =>
    [violation, marked].flatMap((made) => [told(made, { ...NAMES, paging }), short(made, paging)]);
  expect(on('ept')).toEqual([
    'vCPU 31 writes 8 bytes at 0xffffffff8: an EPT violation, it leaves the guest.',
    'EPT violation',
    'vCPU 31 meets a marked EPT entry at level 2: a misconfiguration exit.',
    'EPT misconfig',
  ]);
  expect(on('npt')).toEqual([
    'vCPU 31 writes 8 bytes at 0xffffffff8: a nested page fault, it leaves the guest.',
    'NPF',
    'vCPU 31 meets a marked NPT entry at level 2: a nested page fault.',
    'NPF, marked',
  ]);
});

test('a port is called a port, and the default server what it is', () => {
  const select = { vcpu: 0, server: 2, by: 'default', comparisons: 3, gfn: 0, port: 0x60 } as const;
  expect(told(event('io.select', select))).toBe(
    'Xen finds no range for port 0x60: the access goes to server 2, the default one.',
  );
  expect(told(event('io.discard', { vcpu: 0, type: 0, write: true, gfn: 0, port: 0x60 }))).toBe(
    'The write to port 0x60 is discarded.',
  );
  expect(short(event('io.select', select))).toBe('server 2, by default');
});

test('a register is named by where it lies among those of the GPU, half of an address by its place in PVINFO', () => {
  const note = (offset: number) => told(event('dm.register', { offset, low: 8, asks: 'nothing' }));
  expect([note(0x838), note(0x2030 - 0x78000)]).toEqual([
    'XenGT notes 0x8 in register 0x838 of the PVINFO page.',
    'XenGT notes 0x8 in register 0x2030 of the GPU.',
  ]);
});

test('migration is refused while pages of the type are outstanding, and why', () => {
  const { sentence, why } = tell(event('toolstack.logDirty', { on: true }, 'EBUSY'), NAMES);
  expect(plain(sentence)).toBe('EBUSY: pages of type ioreq_server are outstanding, so the domain cannot be migrated.');
  expect(plain(why)).toContain('hap_enable_log_dirty');
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

test('a claim by hand that is refused says who is in the way', () => {
  const claim = (holder: number, server = 2) =>
    told(event('call.claim', { server, xengt: 1, type: 15, flags: 2, holder }, 'EBUSY'));
  expect([claim(1), claim(2), claim(0)]).toEqual([
    'EBUSY: XenGT holds the claim; one owner at a time.',
    'EBUSY: server 2 holds the claim; one owner at a time.',
    'EBUSY: pages of type ioreq_server are left from the last claim.',
  ]);
});
