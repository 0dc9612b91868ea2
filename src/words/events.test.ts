import { describe as group, expect, test } from 'vitest';
import type { Errno } from '../engine/errno';
import type { Events } from '../engine/events';
import type { AnyEvent, EventCode } from '../engine/trace';
import { describe, tell, type Names } from './events';
import { plain, say } from './parts';
import { short } from './short';
import { faultsOf } from './testing';

const typeNames = [...Array.from({ length: 15 }, (_, i) => `type${i}`), 'ioreq_server'];
const NAMES: Names = { typeNames, claims: true, paging: 'ept' };

function event<C extends EventCode>(code: C, params: Events[C], errno?: Errno): AnyEvent {
  const made = { step: 1, index: 0, actor: 'xen', code, params, cause: null, costs: {} };
  return (errno ? { ...made, errno } : made) as unknown as AnyEvent;
}
const access = { vcpu: 31, gpa: 0xf_ffff_fff8, gfn: 0xffffff, size: 8 };
const value = { low: 0xffffffff, high: 0xffffffff };
const range = { server: 15, start: 0xffffff000, end: 0xfffffffff, list: 'memory' } as const;

const at = { vcpu: 31, gfn: 0xffffff };
const port = { gfn: 0, port: 0xffff };
const PAGING = ['nominate', 'evict', 'populate', 'prep', 'resume'] as const;
const WATCHES = ['type', 'device', 'access'] as const;
/** Every kind of event, with the largest numbers that it can have. */
const LONGEST: { readonly [C in EventCode]: readonly Events[C][] } = {
  'guest.write': [
    { ...access, ...value, count: 512 },
    { ...access, ...value, count: 1 },
  ],
  'guest.read': [{ ...access, ...value }],
  'guest.rmw': [{ ...access, ...value }],
  'guest.exec': [access],
  'guest.done': [{ vcpu: 31 }],
  'guest.noMemory': [{ vcpu: 31, op: 'bind' }],
  'exit.violation': [
    { ...access, ...value, kind: 'rmw', level: 3 },
    { ...access, ...value, size: 1, kind: 'read', level: 0 },
    { ...access, ...value, size: 1, kind: 'exec', level: 0 },
  ],
  'exit.misconfig': [{ ...access, kind: 'rmw', level: 3 }],
  'exit.io': [
    { vcpu: 31, port: 0xffff, size: 4, write: true, ...value, high: 0 },
    { vcpu: 31, port: 0xffff, size: 1, write: false, ...value },
  ],
  'xen.copy': [
    { ...access, type: 15, result: 'okay', behind: true },
    { ...access, type: 0, result: 'okay', behind: false },
    { ...access, type: 3, result: 'okay', behind: false },
    { ...access, type: 15, result: 'bad_gfn_to_mfn', behind: false },
    { ...access, type: 10, result: 'gfn_paged_out', behind: false },
  ],
  'fault.resolved': [
    { ...at, changed: true },
    { ...at, changed: false },
  ],
  'fault.emulate': [
    { ...at, type: 15, locked: false },
    { ...at, type: 0, locked: false },
  ],
  'fault.ram': [
    { ...at, type: 10, dirtied: false },
    { ...at, type: 2, dirtied: true },
    { ...at, type: 0, dirtied: false },
    { ...at, type: 15, dirtied: false },
  ],
  'fault.fatal': [{ ...at, type: 13 }],
  'io.select': [
    { ...at, server: 15, by: 'range', comparisons: 256 },
    { ...at, server: 15, by: 'claim', comparisons: 0 },
    { ...at, server: 15, by: 'hash', comparisons: 32 },
    { ...at, server: 15, by: 'listener', comparisons: 0 },
    { ...at, server: 15, by: 'default', comparisons: 1024 },
    { ...at, server: 15, by: 'default', comparisons: 1, ...port },
    { ...at, server: 0, by: 'none', comparisons: 1 },
    { ...at, server: 0, by: 'none', comparisons: 0, ...port },
  ],
  'io.copy': [
    { ...at, type: 15, bytes: 4096, result: 'okay', behind: true },
    { ...at, type: 15, bytes: 4096, result: 'okay', behind: false },
    { ...at, type: 3, bytes: 4096, result: 'okay', behind: false },
    { ...at, type: 15, bytes: 4096, result: 'bad_gfn_to_mfn', behind: false },
    { ...at, type: 12, bytes: 4096, result: 'gfn_shared', behind: false },
  ],
  'io.buffered': [{ ...at, pending: 511, ...value }],
  'io.orphaned': [
    { ...at, reset: true },
    { ...at, reset: false },
  ],
  'io.readHalf': [{ ...at, ...value }],
  'io.retry': [at],
  'io.discard': [
    { ...at, type: 15, write: true },
    { ...at, type: 15, write: false },
    { ...at, type: 0, write: true, ...port },
  ],
  'io.unhandleable': [
    { ...at, why: 'slotBusy' },
    { ...at, why: 'size' },
    { ...at, why: 'pending' },
    { ...at, why: 'fetch' },
  ],
  'ioreq.ready': [
    { ...access, ...value, server: 15, write: false },
    { ...access, ...value, server: 15, write: true, ...port },
  ],
  'ioreq.inprocess': [
    { vcpu: 31, server: 15, gpa: 0xf_ffff_fff8, by: 'xengt' },
    { vcpu: 31, server: 15, gpa: 0xf_ffff_fff8, by: 'qemu' },
  ],
  'ioreq.respReady': [{ vcpu: 31, server: 15 }],
  'vcpu.resume': [
    { ...at, write: false, ...value },
    { ...at, write: true, ...value },
  ],
  'dm.create': [{ server: 15 }],
  'dm.mapRange': [
    { ...range, ranges: 256 },
    { ...range, ranges: 256, list: 'wp_mem' },
    { ...range, ranges: 4096, list: 'write' },
    { ...range, ranges: 4096, list: 'hash' },
  ],
  'dm.unmapRange': [{ ...range, ranges: 1 }],
  'dm.claim': [{ server: 15, flags: 2 }],
  'dm.enable': [{ server: 15 }],
  'dm.protect': WATCHES.map((watch) => ({ gfn: 0xffffff, level: 3, watch })),
  'dm.unprotect': WATCHES.map((watch) => ({ gfn: 0xffffff, watch })),
  'dm.register': [
    { offset: 0x83c, low: 0xffffffff, asks: 'nothing' },
    { offset: -0x75fd0, low: 0xffffffff, asks: 'nothing' },
    { offset: 0xf87ffc, low: 0xffffffff, asks: 'nothing' },
    { offset: 0xf87ffc, low: 0, asks: 'value' },
    { offset: 0x78040, low: 4, asks: 'create' },
    { offset: 0x78040, low: 5, asks: 'destroy' },
    { offset: 0x78040, low: 8, asks: 'walk' },
    { offset: -0x75dd0, low: 1, asks: 'submit' },
  ],
  'dm.read': [{ gfn: 0xffffff }],
  'dm.gone': [{ gfn: 0xffffff }],
  'dm.write': [
    { gfn: 0xffffff, level: 0, index: 511, old: 0, oldHigh: 0, ...value, tracked: false },
    { gfn: 0xffffff, level: 3, index: 511, old: 0, oldHigh: 0, ...value, tracked: true },
  ],
  'dm.shadowTable': [
    { gfn: 0xffffff, level: 3, mfn: 0xffffffff, entries: 512 },
    { gfn: 0xffffff, level: 3, mfn: 0xffffffff, entries: 1 },
  ],
  'dm.shadowEntry': [
    { gfn: 0xffffff, level: 3, index: 511, target: 0xffffffff },
    { gfn: 0xffffff, level: 0, index: 511, target: null },
  ],
  'dm.dropTable': [{ gfn: 0xffffff, level: 3, mfn: 0xffffffff }],
  'dm.release': [
    { server: 15, outstanding: 4194304 },
    { server: 15, outstanding: 1 },
    { server: 15, outstanding: 0 },
  ],
  'dm.mark': [{ outstanding: 4194304 }, { outstanding: 1 }],
  'dm.sweep': [
    { first: 0xffff00, settled: 256, left: 4194304, last: false },
    { first: 0xffff00, settled: 1, left: 0, last: true },
    { first: 0xffff00, settled: 0, left: 4194304, last: true },
  ],
  'dm.forget': [{ tables: 4194304 }],
  'dm.killed': WATCHES.flatMap((watch) => [4194304, 1, 0].map((outstanding) => ({ server: 15, outstanding, watch }))),
  'dm.serve': [{ gfn: 0xffffff, ...value }],
  'dm.outOfSync': [{ gfn: 0xffffff }],
  'dm.resync': [
    { gfn: 0xffffff, from: 0, entries: 512, changed: 512, evicted: false },
    { gfn: 0xffffff, from: 0, entries: 1, changed: 1, evicted: true },
  ],
  'dm.walk': [
    { gfn: 0xffffff, level: 3, index: 511, found: true },
    { gfn: 0xffffff, level: 3, index: 0, found: false },
  ],
  'track.write': [0, 1, 65535].map((listeners) => ({ ...access, ...value, listeners })),
  'track.notify': [
    { vcpu: 31, gfn: 0xffffff, level: 3, index: 511, tracked: true },
    { vcpu: 31, gfn: 0xffffff, level: 0, index: 511, tracked: false },
  ],
  'track.returned': [at],
  'qemu.create': [{ server: 15 }],
  'qemu.drain': [{ gpa: 0xfffff, low: 0xffffffff, left: 511 }],
  'qemu.respond': [{ vcpu: 31, server: 15, gpa: 0xf_ffff_fff8, write: true }],
  'toolstack.logDirty': [{ on: true }, { on: false }],
  'toolstack.balloon': [
    { gfn: 0xffffff, frames: 1048576 },
    { gfn: 0xffffff, frames: 1 },
  ],
  'toolstack.ask': [{ what: 'detach' }, { what: 'attach' }],
  'call.create': [{ server: 15 }],
  'call.destroy': WATCHES.flatMap((watch) =>
    [4194304, 1, 0].flatMap((outstanding) => [1, 15].map((server) => ({ server, xengt: 15, outstanding, watch }))),
  ),
  'call.state': [
    { server: 15, xengt: 15, enabled: false },
    { server: 15, xengt: 1, enabled: true },
  ],
  'call.claim': [2, 3].map((flags) => ({ server: 15, xengt: 1, type: 15, flags, holder: 0 })),
  'call.release': [4194304, 1, 0].map((outstanding) => ({ server: 15, xengt: 15, type: 15, outstanding })),
  'call.setMemType': [
    { gfn: 0xffffff, frames: 1, type: 15 },
    { gfn: 0xffffff, frames: 1048576, type: null },
  ],
  'call.addPage': [{ gfn: 0xffffff, mfn: 0xffffffff }],
  'call.removePage': [{ gfn: 0xffffff }],
  'call.paging': PAGING.map((what) => ({ gfn: 0xffffff, what })),
  'call.sharing': (['share', 'unshare'] as const).map((what) => ({ gfn: 0xffffff, what })),
  'domain.unpause': [{ vcpus: 32 }],
  'domain.crash': [{}],
  'xen.bug': [{ code: 'entryLevel' }],
};
const EVERY = Object.entries(LONGEST).flatMap(([code, list]) => list.map((params) => event(code as EventCode, params)));

const REFUSED = [
  event('dm.create', { server: 0 }, 'ENOMEM'),
  event('dm.create', { server: 0 }, 'ENOSPC'),
  event('dm.mapRange', { ...range, ranges: 256 }, 'ENOMEM'),
  event('dm.mapRange', { ...range, ranges: 7 }, 'EEXIST'),
  event('dm.mapRange', { ...range, ranges: 7 }, 'EINVAL'),
  event('dm.mapRange', { ...range, ranges: 0 }, 'ENOENT'),
  event('dm.unmapRange', { ...range, ranges: 7 }, 'ENOENT'),
  event('dm.unmapRange', { ...range, ranges: 256 }, 'ENOMEM'),
  event('dm.claim', { server: 2, flags: 2 }, 'EBUSY'),
  event('dm.claim', { server: 2, flags: 2 }, 'EOPNOTSUPP'),
  event('dm.claim', { server: 2, flags: 2 }, 'EINVAL'),
  event('dm.claim', { server: 2, flags: 2 }, 'ENOENT'),
  event('dm.enable', { server: 2 }, 'ENOENT'),
  event('dm.release', { server: 2, outstanding: 4 }, 'EINVAL'),
  event('dm.release', { server: 2, outstanding: 4 }, 'ENOENT'),
  event('dm.sweep', { first: 0xffff00, settled: 255, left: 4194304, last: true }, 'ENOMEM'),
  event('dm.killed', { server: 0, outstanding: 4, watch: 'type' }, 'ENOENT'),
  ...(['ENOMEM', 'EINVAL', 'EOPNOTSUPP', 'EAGAIN', 'EBUSY', 'ENOENT'] as const).flatMap((errno) => [
    ...WATCHES.flatMap((watch) => [
      event('dm.protect', { gfn: 0xffffff, level: 0, watch }, errno),
      event('dm.unprotect', { gfn: 0xffffff, watch }, errno),
      event('dm.outOfSync', { gfn: 0xffffff }, errno),
    ]),
    event('toolstack.balloon', { gfn: 0xffffff, frames: 1048576 }, errno),
  ]),
  event('call.create', { server: 0 }, 'ENOMEM'),
  event('call.create', { server: 0 }, 'ENOSPC'),
  event('call.destroy', { server: 15, xengt: 1, outstanding: 0, watch: 'type' }, 'ENOENT'),
  event('call.state', { server: 15, xengt: 1, enabled: true }, 'ENOENT'),
  ...(['EBUSY', 'EINVAL', 'ENOENT', 'EOPNOTSUPP'] as const).flatMap((errno) =>
    [0, 1, 15].map((holder) => event('call.claim', { server: 15, xengt: 1, type: 15, flags: 2, holder }, errno)),
  ),
  ...(['EINVAL', 'ENOENT', 'EOPNOTSUPP'] as const).map((errno) =>
    event('call.release', { server: 15, xengt: 15, type: 15, outstanding: 4194304 }, errno),
  ),
  ...(['EINVAL', 'EAGAIN', 'EBUSY', 'ENOMEM', 'ENOENT', 'EOPNOTSUPP'] as const).flatMap((errno) =>
    ([0, 15, null] as const).map((type) => event('call.setMemType', { gfn: 0xffffff, frames: 1, type }, errno)),
  ),
  ...(['EINVAL', 'ENOENT', 'ENOMEM'] as const).map((errno) =>
    event('call.addPage', { gfn: 0xffffff, mfn: 0xffffffff }, errno),
  ),
  event('call.removePage', { gfn: 0xffffff }, 'ENOMEM'),
  event('call.removePage', { gfn: 0xffffff }, 'ENOENT'),
  ...(['EBUSY', 'ENOENT', 'ENOMEM'] as const).flatMap((errno) =>
    PAGING.map((what) => event('call.paging', { gfn: 0xffffff, what }, errno)),
  ),
  event('call.sharing', { gfn: 0xffffff, what: 'share' }, 'EINVAL'),
  event('call.sharing', { gfn: 0xffffff, what: 'share' }, 'ENOMEM'),
  event('qemu.create', { server: 0 }, 'EEXIST'),
  event('qemu.create', { server: 0 }, 'ENOMEM'),
  event('toolstack.logDirty', { on: true }, 'EBUSY'),
  event('toolstack.logDirty', { on: true }, 'EINVAL'),
];

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
