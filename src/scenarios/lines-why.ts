/** Why an act cannot be done where a run stands: a part of a sentence, for who typed it or has it in a file. */
import { canPause, isSound } from '../engine/by-hand';
import { QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE, type Choice } from '../engine/choice';
import type { Access, Command } from '../engine/command';
import { addressSpace } from '../engine/guest-layout';
import { LOCKS, PHASE, WAITS } from '../engine/vcpu';
import type { World } from '../engine/world';
import type { Act } from './acts';
import { formatBytes } from './quantities';

/** Call it only for an act that cannot be done in `w`. */
export function whyNot(w: World, act: Act): string {
  if (w.stopped) return 'the domain has crashed, and nobody acts any more';
  if ('schedule' in act) return 'who chooses cannot change there';
  return 'choice' in act ? ofChoice(w, act.choice) : ofCommand(w, act.command);
}

const lockedBy = (w: World): string => `vCPU ${w.p2mLock ?? 0} holds the p2m lock until its request is sent`;

function ofChoice(w: World, choice: Choice): string {
  if (choice >= QEMU_TAKE) return taking(w, 'QEMU', w.qemu.server !== 0, w.qemu.serving === null, choice - QEMU_TAKE);
  if (choice >= XENGT_TAKE) {
    const { alive, started, idle } = w.xengt;
    return taking(w, 'XenGT', alive && started, idle, choice - XENGT_TAKE);
  }
  if (choice === XENGT) {
    if (!w.xengt.alive) return 'XenGT is gone';
    return w.xengt.work.depth > 0 ? lockedBy(w) : 'XenGT has nothing to do: it waits for a request';
  }
  if (choice === QEMU) return w.qemu.server === 0 ? 'there is no default server' : 'QEMU has nothing to do';
  if (choice === TOOLSTACK) return 'the toolstack has nothing to do, or waits for somebody';
  return ofVcpu(w, choice) ?? 'it is not its turn';
}

function taking(w: World, who: string, there: boolean, free: boolean, vcpu: number): string {
  if (!there) return `there is no ${who} at its post`;
  if (vcpu >= w.vcpus.length) return noVcpu(w, vcpu);
  return free ? `no request of vCPU ${vcpu} waits for ${who}` : `${who} is busy with another request`;
}

const noVcpu = (w: World, vcpu: number): string =>
  `there is no vCPU ${vcpu}: the guest has ${w.vcpus.length === 1 ? 'vCPU 0 alone' : `vCPU 0 to ${w.vcpus.length - 1}`}`;

/** Why a vCPU does nothing now; undefined: it may. */
function ofVcpu(w: World, vcpu: number): string | undefined {
  const v = w.vcpus[vcpu];
  if (!v) return noVcpu(w, vcpu);
  if (v.phase === PHASE.paused) return 'the guest has not begun: its device models come first, then the toolstack';
  if (v.phase === PHASE.crashed) return `vCPU ${vcpu} has stopped for good`;
  if (v.phase === PHASE.done) return `vCPU ${vcpu} has come to the end of its program`;
  if (WAITS[v.phase]) return `vCPU ${vcpu} waits for the device model to answer`;
  return LOCKS[v.phase] && w.p2mLock !== null ? lockedBy(w) : undefined;
}

function ofCommand(w: World, command: Command): string {
  if (command.op === 'access') return ofAccess(w, command.vcpu, command.access);
  const gfn = 'first_pfn' in command ? command.first_pfn : 'gfn' in command ? command.gfn : undefined;
  const last = gfn === undefined ? -1 : gfn + ('nr' in command ? command.nr : 1) - 1;
  const frames = addressSpace(w.config);
  if (gfn !== undefined && (last < gfn || last >= frames)) {
    if (last < gfn) return 'it names no frame';
    return `frame 0x${last.toString(16)} is none of this guest's: its last is 0x${(frames - 1).toString(16)}`;
  }
  if (command.op === 'create_ioreq_server' && !w.roomForServer) return 'no more ids are left for servers';
  if (/server(_state)?$/.test(command.op) && command.op !== 'map_mem_type_to_ioreq_server' && !canPause(w))
    return "a vCPU is in the midst of Xen's code, and the domain has to be paused for it";
  if (command.op === 'map_mem_type_to_ioreq_server') return 'a release that was begun by hand is under way';
  return w.p2mLock === null ? 'XenGT is in the midst of a release' : lockedBy(w);
}

function ofAccess(w: World, vcpu: number, access: Access): string {
  const v = w.vcpus[vcpu];
  const busy = v?.phase === PHASE.done ? undefined : ofVcpu(w, vcpu);
  if (busy !== undefined) return busy;
  if (v && v.kind !== 0) return `vCPU ${vcpu} is in the midst of an instruction: let it end first`;
  if (isSound(w.config, access)) return 'it is not its turn';
  const size = access.op === 'exec' ? 1 : access.size;
  if (access.gpa % size !== 0) return `an access of ${size} bytes must be aligned to ${size}`;
  const ram = formatBytes(w.config.memory);
  return `it does not lie in the guest's RAM (${ram}) nor in a hole for devices (0xa0000 to 0xbffff, 0xf0000000 to 0xffffffff)`;
}
