/** For tests: every kind of event with the largest numbers that it can have, and every refusal. */
import type { Errno } from '../engine/errno';
import type { Events } from '../engine/events';
import type { AnyEvent, EventCode } from '../engine/trace';
import type { Names } from './teller';

const typeNames = [...Array.from({ length: 15 }, (_, i) => `type${i}`), 'ioreq_server'];
export const NAMES: Names = { typeNames, claims: true, paging: 'ept' };

export function event<C extends EventCode>(code: C, params: Events[C], errno?: Errno): AnyEvent {
  const made = { step: 1, index: 0, actor: 'xen', code, params, cause: null, costs: {} };
  return (errno ? { ...made, errno } : made) as unknown as AnyEvent;
}
export const access = { vcpu: 31, gpa: 0xf_ffff_fff8, gfn: 0xffffff, size: 8 };
export const value = { low: 0xffffffff, high: 0xffffffff };
const range = { server: 15, start: 0xffffff000, end: 0xfffffffff, list: 'memory' } as const;

const at = { vcpu: 31, gfn: 0xffffff };
const port = { gfn: 0, port: 0xffff };
const PAGING = ['nominate', 'evict', 'populate', 'prep', 'resume'] as const;
const CALLED_RANGES = (['memory', 'wp_mem', 'write'] as const).flatMap((list) =>
  [1, 15].map((xengt) =>
    list === 'wp_mem'
      ? { server: 15, xengt, list, start: 0xffff00, end: 0xffffff, ranges: 256 }
      : { server: 15, xengt, list, start: 0xffffff000, end: 0xfffffffff, ranges: 256 },
  ),
);
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
  'call.mapRange': CALLED_RANGES,
  'call.unmapRange': CALLED_RANGES,
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
  'xen.bug': [{ code: 'entryLevel' }, { code: 'nullPointer' }],
};
export const EVERY = Object.entries(LONGEST).flatMap(([code, list]) =>
  list.map((params) => event(code as EventCode, params)),
);

export const REFUSED = [
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
  ...(['ENOENT', 'EEXIST', 'ENOMEM', 'EINVAL'] as const).flatMap((errno) =>
    CALLED_RANGES.map((called) => event('call.mapRange', called, errno)),
  ),
  ...(['ENOENT', 'ENOMEM', 'EINVAL'] as const).flatMap((errno) =>
    CALLED_RANGES.map((called) => event('call.unmapRange', called, errno)),
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
