/**
 * What the user's hand does, and when it can be done (what it can do: command.ts). Each hypercall is one step
 * of the toolstack's, but a release, which goes on in pieces as that of a device model does: claim, mark, batches of 256
 * frames, and others may act in between. An instruction is its vCPU's: the step is its first, the others follow as they do
 * after one of the program's.
 * Xen: xen/arch/x86/hvm/dm.c: dm_op; hvm/ioreq.c; mm/p2m.c: guest_physmap_add_entry, guest_physmap_remove_page;
 * mm/mem_paging.c: mem_paging_memop; mm/mem_sharing.c: mem_sharing_memop.
 * A server that is made by hand has no device model: what Xen sends to it nobody answers. XenGT ends with its server
 * (assumption). Left out: buffered rings, a release that is begun while another by hand is under way.
 */
import { XenBug } from './bug';
import { changeClaim, markReleased, released, SWEEP_FRAMES, sweepBatch } from './claim';
import type { Access, Call, Command } from './command';
import { PAGE_SIZE, type Config } from './config';
import { HVMMEM, typeOfMem } from './dm';
import { failed, type Rc } from './errno';
import { addressSpace, firstMfn, isPlace } from './guest-layout';
import { SWEEP } from './machines/sweep';
import { P2M } from './p2m-type';
import { addPage, memPaging, memSharing, removePage } from './physmap';
import { isInXen, PHASE } from './vcpu';
import type { World } from './world';

/**
 * Whether a command can be done now: what changes the p2m waits for its lock; what changes a server pauses the domain, so no
 * vCPU may be in the midst of Xen's code; and XenGT cannot end within a release of its own, which is one call. Frames must be
 * of the guest's address space. A range that ends before it starts may be asked for: until `rangeCheck` Xen does not look.
 * An instruction comes between two of the program's or after the last, and goes where one of a file may go.
 */
export function mayPerform(w: World, command: Command): boolean {
  switch (command.op) {
    case 'create_ioreq_server':
      return canPause(w) && w.roomForServer;
    case 'destroy_ioreq_server':
      return canPause(w) && !(isXengts(w, command.id) && w.xengt.inRelease);
    case 'set_ioreq_server_state':
      return canPause(w);
    case 'map_mem_type_to_ioreq_server':
      return command.flags !== 0 || !w.toolstack.releasing;
    case 'map_io_range_to_ioreq_server':
    case 'unmap_io_range_from_ioreq_server':
      return true;
    case 'set_mem_type':
      return w.p2mLock === null && isGfn(w, command.first_pfn) && isGfn(w, command.first_pfn + command.nr - 1);
    case 'log_dirty':
      return w.p2mLock === null;
    case 'access':
      return isBetween(w, command.vcpu) && isSound(w.config, command.access);
    default:
      return w.p2mLock === null && isGfn(w, command.gfn);
  }
}

/** A domain is paused once no vCPU of it is in the midst of Xen's code; one that waits for a device model is not. */
export const canPause = ({ vcpus }: World): boolean => !vcpus.some(isInXen);

/** Whether a vCPU has nothing latched: it is in the guest about to fetch, or its program is over. */
function isBetween({ vcpus }: World, vcpu: number): boolean {
  const v = vcpus[vcpu];
  return v !== undefined && v.kind === 0 && (v.phase === PHASE.running || v.phase === PHASE.done);
}

const LAST_PORT = 0xffff;

/** Whether a file may have such an instruction: aligned, all of it in RAM or in holes for devices. */
export function isSound(config: Config, access: Access): boolean {
  const { op, gpa } = access;
  const size = op === 'exec' ? 1 : access.size;
  if (op === 'out' || op === 'in') return gpa >= 0 && gpa + size - 1 <= LAST_PORT;
  if (gpa % size !== 0) return false;
  const way = op === 'stos' ? (access.count - 1) * size : 0;
  const [first, last] = op === 'stos' && access.down ? [gpa - way, gpa] : [gpa, gpa + way];
  for (let page = Math.floor(first / PAGE_SIZE); page * PAGE_SIZE <= last; page++)
    if (!isPlace(config, page * PAGE_SIZE)) return false;
  return true;
}

/** Makes a hypercall, refusals of Xen included: they are told in its event. */
export function perform(w: World, command: Call): void {
  const xengt = w.xengt.server;
  if (command.op !== 'destroy_ioreq_server') w.trace.add('hypercalls');
  switch (command.op) {
    case 'create_ioreq_server': {
      const made = w.domain.createServer(0);
      return emit(w, 'call.create', { server: made.rc === 0 ? made.id : 0 }, made.rc);
    }
    case 'destroy_ioreq_server':
      return destroy(w, command.id);
    case 'set_ioreq_server_state': {
      const { id: server, enabled } = command;
      return emit(w, 'call.state', { server, xengt, enabled }, w.domain.setServerState(server, enabled));
    }
    case 'map_mem_type_to_ioreq_server':
      return command.flags === 0 ? release(w, command.id, command.type) : claim(w, command);
    case 'map_io_range_to_ioreq_server':
    case 'unmap_io_range_from_ioreq_server':
      return changeRange(w, command);
    case 'set_mem_type': {
      const { first_pfn: gfn, nr: frames, type: mem } = command;
      const type = typeOfMem(w.xen, mem, w.p2m.numbered);
      return emit(w, 'call.setMemType', { gfn, frames, type }, w.domain.setMemType(gfn, frames, mem));
    }
    case 'log_dirty':
      return emit(w, 'toolstack.logDirty', { on: command.on }, w.domain.setLogDirty(command.on));
    case 'add_to_physmap': {
      const { gfn } = command;
      const mfn = firstMfn(w.config, gfn);
      return emit(w, 'call.addPage', { gfn, mfn }, addPage(w.p2m, gfn, mfn));
    }
    case 'remove_from_physmap':
      return emit(w, 'call.removePage', { gfn: command.gfn }, removePage(w.p2m, command.gfn));
    case 'mem_paging': {
      const { gfn, what } = command;
      return emit(w, 'call.paging', { gfn, what }, memPaging(w.p2m, gfn, what, firstMfn(w.config, gfn)));
    }
    case 'mem_sharing': {
      const { gfn, what } = command;
      return emit(w, 'call.sharing', { gfn, what }, memSharing(w.p2m, gfn, what));
    }
  }
}

/** The next piece of the release that was begun by hand. */
export function goOnReleasing(w: World): void {
  const { p2m, toolstack, trace } = w;
  const { release } = toolstack;
  const outstanding = p2m.outstanding(P2M.ioreq_server);
  if (release.state === SWEEP.at.marking) {
    release.state = markReleased(p2m);
    release.first = 0;
    return trace.emit('toolstack', 'dm.mark', { outstanding });
  }
  const { first } = release;
  const { rc, next } = sweepBatch(p2m, first);
  const left = p2m.outstanding(P2M.ioreq_server);
  const last = next !== SWEEP.at.sweeping;
  release.state = next;
  release.first = last ? 0 : first + SWEEP_FRAMES;
  emit(w, 'dm.sweep', { first, settled: outstanding - left, left, last }, rc);
}

const isXengts = (w: World, id: number): boolean => id === w.xengt.server && w.servers.slotOf(id) >= 0;
const isGfn = (w: World, gfn: number): boolean => gfn >= 0 && gfn < addressSpace(w.config);

function claim(w: World, command: { readonly id: number; readonly type: number; readonly flags: number }): void {
  const { id: server, type: mem, flags } = command;
  const type = typeOf(w, mem);
  // Who holds it before: afterwards it may be the one who asks.
  const holder = w.p2m.claimOf(type)?.server ?? 0;
  const rc = changeClaim(w.domain, server, mem, flags);
  emit(w, 'call.claim', { server, xengt: w.xengt.server, type, flags, holder }, rc);
}

function release(w: World, server: number, mem: number): void {
  const type = typeOf(w, mem);
  const outstanding = w.p2m.outstanding(type);
  const rc = changeClaim(w.domain, server, mem, 0);
  if (!failed(rc)) w.toolstack.release.state = released(w.p2m);
  emit(w, 'call.release', { server, xengt: w.xengt.server, type, outstanding }, rc);
}

function changeRange(
  w: World,
  { op, id: server, type: list, start, end }: Extract<Command, { readonly start: number }>,
): void {
  const map = op === 'map_io_range_to_ioreq_server';
  const rc = w.servers[map ? 'mapRange' : 'unmapRange'](server, list, BigInt(start), BigInt(end));
  // A world is a release build: no assertion stops it before, and nothing answers after.
  if (rc === 'FAULT' || rc === 'ASSERT') throw new XenBug('nullPointer');
  const ranges = w.servers.ranges(server, list)?.count ?? 0;
  emit(w, map ? 'call.mapRange' : 'call.unmapRange', { server, xengt: w.xengt.server, list, start, end, ranges }, rc);
}

/** The p2m type behind a memory type for servers; type 15 for one that there is not. */
const typeOf = (w: World, mem: number) => w.p2m.serverTypes[mem - HVMMEM.ioreq_server] ?? P2M.ioreq_server;

/** A server goes with its page, and XenGT with its server. */
function destroy(w: World, server: number): void {
  const xengt = w.xengt.server;
  const { watch } = w.design;
  const { outstanding, rc } = isXengts(w, server) ? w.xengt.end() : endServer(w, server);
  emit(w, 'call.destroy', { server, xengt, outstanding, watch }, rc);
}

function endServer(w: World, server: number): { outstanding: number; rc: Rc } {
  const held = w.p2m.serverTypes.filter((type) => w.p2m.claimOf(type)?.server === server);
  const outstanding = held.reduce<number>((n, type) => n + w.p2m.outstanding(type), 0);
  // There is no page to empty of a server that there is not; the default one cannot be named.
  if (w.servers.slotOf(server) >= 0) return { outstanding, rc: w.calls.destroy(server) };
  w.trace.add('hypercalls');
  return { outstanding, rc: w.domain.destroyServer(server) };
}

type Called = Parameters<World['trace']['emit']>[1];

function emit<C extends Called>(w: World, code: C, params: Parameters<typeof w.trace.emit<C>>[2], rc: Rc): void {
  w.trace.emit('toolstack', code, params, failed(rc) ? rc : undefined);
}
