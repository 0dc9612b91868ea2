/** The smaller parts of a picture: what the step is about, a frame's entry, a window of frames, servers and slots. */
import { PAGE_SIZE } from '../engine/config';
import { BUFIOREQ_SLOTS } from '../engine/bufioreq';
import { CLAIM_FLAGS } from '../engine/claim';
import { isReadOnly } from '../engine/designs/design';
import { hashed } from '../engine/designs/hash-table';
import { xenFunction } from '../engine/events';
import { SLOT_STATE } from '../engine/ioreq-slot';
import { newEntry } from '../engine/p2m-table';
import { P2M } from '../engine/p2m-type';
import { BUFIOREQ, type RangeKind } from '../engine/ioreq';
import type { AnyEvent } from '../engine/trace';
import type { World } from '../engine/world';
import type { Journal } from './journal';
import { formatOf } from './p2m-walk';
import type { Setter } from './setters';
import type {
  EntryPicture,
  PagesPicture,
  Picture,
  RangePicture,
  RingPicture,
  ServerPicture,
  SlotPicture,
} from './protocol';

/** Events whose own frame is what moves; for the others it is the page of the write that they serve. */
const OWN_FRAME = new Set<AnyEvent['code']>([
  'dm.protect',
  'dm.unprotect',
  'dm.outOfSync',
  'dm.resync',
  'dm.shadowTable',
  'dm.dropTable',
  'dm.shadowEntry',
  'dm.write',
  'guest.write',
  'guest.read',
  'guest.rmw',
  'guest.exec',
  'xen.copy',
  'toolstack.balloon',
  'call.setMemType',
  'call.addPage',
  'call.removePage',
  'call.paging',
  'call.sharing',
]);

export function focusOf(journal: Journal, events: readonly AnyEvent[], step: number): Picture['focus'] {
  const event = events.at(-1);
  if (event && OWN_FRAME.has(event.code) && 'gfn' in event.params) {
    const { params } = event;
    return { gfn: params.gfn, index: 'index' in params ? params.index : null };
  }
  const i = journal.writeAt(step);
  if (i < 0) return null;
  const { gpa, level } = journal.write(i);
  return { gfn: Math.floor(gpa / PAGE_SIZE), index: level === 255 ? null : (gpa % PAGE_SIZE) >>> 3 };
}

const found = newEntry();

export function entryPicture(w: World, before: World, gfn: number, setBy: Setter | null): EntryPicture {
  const { tables } = w.store;
  const path = w.p2m.table.path(gfn).map((at, i) => ({
    level: 3 - i,
    index: (at & 1023) >>> 1,
    table: w.p2m.pool.firstMfn + (at >>> 10),
    low: tables.get(at),
    high: tables.get(at + 1),
    lowBefore: before.store.tables.get(at),
    highBefore: before.store.tables.get(at + 1),
  }));
  const { low, high } = path.at(-1)!;
  const { type, order, mfn } = w.p2m.getEntry(gfn, found);
  const format = formatOf(w);
  const empty = format.empty(low, high);
  const stored = empty ? P2M.mmio_dm : format.type(low, high);
  const reads = empty ? 'nothing' : stored !== type ? 'marked' : reading(w, type, (low & format.write) !== 0);
  const { paging } = w.config;
  const set = setBy && {
    step: setBy.step,
    actor: setBy.actor,
    function: xenFunction(setBy.code, paging, w.design.functions),
  };
  return { gfn, path, stored, effective: type, order, mfn, reading: reads, setBy: set };
}

/** Why the entry permits what it does, as a code for the words of the page. `passes`: it lets writes pass. */
function reading(w: World, type: number, passes: boolean): string {
  if (w.p2m.isServerType(type)) {
    if (!w.xen.claim) return 'writesTrapped';
    const claim = w.p2m.claimOf(type);
    if (claim === null) return passes ? 'unclaimed' : 'stranded';
    return (claim.flags & CLAIM_FLAGS.read) !== 0 ? 'claimedReads' : 'claimed';
  }
  if (type === P2M.ram_rw) return passes ? 'plain' : 'guarded';
  if (type === P2M.ram_ro) return 'readOnly';
  if (type === P2M.ram_logdirty) return 'logdirty';
  return type === P2M.mmio_direct ? 'direct' : 'other';
}

export function serverPictures(w: World): ServerPicture[] {
  const claims = w.p2m.serverTypes.map((type) => ({ ...w.p2m.getIoreqServer(type), entries: w.p2m.outstanding(type) }));
  const ranges = (id: number, kind: RangeKind): RangePicture[] =>
    (w.servers.ranges(id, kind)?.list() ?? []).map(([start, end]) => ({ start, end }));
  const others = w.servers.kinds.filter((kind) => kind !== 'memory' && kind !== 'port' && kind !== 'pci');
  return w.servers.list().map(({ id, enabled, isDefault }) => ({
    id,
    name: id === w.xengt.server ? 'XenGT' : id === w.qemu.server ? 'QEMU' : `server ${id}`,
    enabled,
    isDefault,
    claim: claims.find(({ server }) => server === id)?.flags ?? 0,
    entries: claims.find(({ server }) => server === id)?.entries ?? w.p2m.outstanding(P2M.ioreq_server),
    cap: w.config.rangeCap,
    memory: ranges(id, 'memory'),
    port: ranges(id, 'port'),
    pci: ranges(id, 'pci'),
    others: others.map((kind) => ({ kind, ranges: ranges(id, kind) })),
    types: w.p2m.serverTypes.filter((type) => w.p2m.claimOf(type)?.server === id),
    pages: id === w.xengt.server ? pagesPicture(w) : null,
    ring: id === w.qemu.server ? ringPicture(w) : null,
  }));
}

function pagesPicture(w: World): PagesPicture | null {
  const { ledger, xengt } = w;
  switch (w.design.name) {
    case 'hash_table':
      return { by: 'hash', ...hashed(w), of: ledger.regs.live };
    case 'page_track': {
      const frames = ledger.noted();
      const most = frames.reduce((listeners, gfn) => Math.max(listeners, ledger.page(gfn)), 0);
      return { by: 'count', frames, of: frames.length, most };
    }
    case 'write_protect': {
      const frames: number[] = [];
      xengt.tables.each((_, { gfn }) => isReadOnly(w, gfn) && frames.push(gfn));
      return { by: 'right', frames: frames.sort((a, b) => a - b), of: ledger.regs.watched, most: 1 };
    }
    default:
      return null;
  }
}

function ringPicture({ qemu: { ring } }: World): RingPicture | null {
  if (ring === null) return null;
  const { readPointer: read, writePointer: write, pending, mode } = ring;
  return { read, write, pending, cap: BUFIOREQ_SLOTS, atomic: mode === BUFIOREQ.atomic };
}

/** The slot of each vCPU in each server's page; and what Xen has noted of a request whose server is gone. */
export function slotPictures(w: World): SlotPicture[] {
  const own = [w.xengt.server, w.qemu.server];
  const byHand = w.servers.list().flatMap(({ id }) => (own.includes(id) ? [] : [id]));
  const servers = [...own, ...byHand.sort((a, b) => a - b)].filter((server) => server !== 0);
  const slots = servers.flatMap((server) =>
    w.vcpus.map((_, vcpu) => ({ vcpu, server, state: w.slot(server, vcpu).state, orphaned: false })),
  );
  w.vcpus.forEach(({ latched, target }, vcpu) => {
    if (latched !== SLOT_STATE.none && !w.hasServer(target))
      slots.push({ vcpu, server: target, state: latched, orphaned: true });
  });
  return slots;
}
