/**
 * The one idea: `enabled` says who may act next, `step` lets one of them do one atomic action. Both are pure in the sense
 * that the world they are given decides everything. Everything else in the program is a reader of these two.
 */
import { XenBug } from './bug';
import { mayPerform, perform } from './by-hand';
import { COMMAND, QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE, type Choice } from './choice';
import type { Command } from './command';
import { isAnswered, isReady } from './dm-calls';
import { complete, emulate, send } from './emulate';
import { execute, instruct } from './execute';
import { handleMisconfig, handleViolation } from './exits';
import { VCPU } from './machines/vcpu';
import type { AnyEvent } from './trace';
import { ACTS, advance, forgetTries, LOCKS, PHASE, WAITS } from './vcpu';
import { lastOf, type Chain, type World } from './world';

export { COMMAND, QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE, type Choice } from './choice';

/** Every action that could come next but the user's, lowest number first. None: the run is over, or stuck. */
export function enabled(w: World): Choice[] {
  const choices: Choice[] = [];
  if (w.stopped) return choices;
  const { length } = w.vcpus;
  for (let i = 0; i < length; i++) if (vcpuMayAct(w, i)) choices.push(i);
  for (const choice of [XENGT, TOOLSTACK, QEMU]) if (mayAct(w, choice)) choices.push(choice);
  for (let i = 0; i < length; i++) if (xengtMayTake(w, i)) choices.push(XENGT_TAKE + i);
  for (let i = 0; i < length; i++) if (qemuMayTake(w, i)) choices.push(QEMU_TAKE + i);
  return choices;
}

export const isEnabled = (w: World, choice: Choice, command = commandOf(w, choice)): boolean =>
  !w.stopped && (choice < COMMAND ? mayAct(w, choice) : command !== undefined && mayPerform(w, command));

const commandOf = ({ config }: World, choice: Choice): Command | undefined => config.commands[choice - COMMAND];

/** As `isEnabled`, of a choice that is no command, in a world that has not stopped. */
export function mayAct(w: World, choice: Choice): boolean {
  if (choice >= QEMU_TAKE) return qemuMayTake(w, choice - QEMU_TAKE);
  if (choice >= XENGT_TAKE) return xengtMayTake(w, choice - XENGT_TAKE);
  if (choice === XENGT) return xengtMayGoOn(w);
  if (choice === QEMU) return w.qemu.mayStep;
  if (choice !== TOOLSTACK) return vcpuMayAct(w, choice);
  if (w.vcpus[0]!.phase !== PHASE.paused || w.toolstack.releasing) return w.toolstack.mayAct(w);
  // There is somebody to serve the guest, or nobody any more.
  return (w.xengt.started || !w.xengt.alive) && w.qemu.started;
}

function xengtMayGoOn({ xengt, p2mLock }: World): boolean {
  if (!xengt.alive) return false;
  return !xengt.started || (xengt.work.depth > 0 && (p2mLock === null || !xengt.needsP2mLock));
}

const xengtMayTake = (w: World, vcpu: number): boolean =>
  vcpu < w.vcpus.length && w.xengt.started && w.xengt.idle && isReady(w, w.xengt.server, vcpu);

const qemuMayTake = (w: World, vcpu: number): boolean =>
  vcpu < w.vcpus.length && w.qemu.server !== 0 && w.qemu.serving === null && isReady(w, w.qemu.server, vcpu);

function vcpuMayAct(w: World, i: number): boolean {
  const v = w.vcpus[i];
  if (!v) return false;
  const { phase } = v;
  if (LOCKS[phase]) return w.p2mLock === null;
  if (WAITS[phase]) return isAnswered(w, v.target, i) || !w.hasServer(v.target);
  return ACTS[phase]!;
}

/** Lets `choice` act and keeps it. Answers what happened; throws when `choice` is not enabled. */
export function step(w: World, choice: Choice): readonly AnyEvent[] {
  apply(w, choice);
  w.store.settle();
  return w.trace.events;
}

/** Lets `choice` act so that `store.rollback` can take it back. `command`: that of COMMAND + n, if not the nth. */
export function apply(w: World, choice: Choice, command = commandOf(w, choice)): void {
  if (!isEnabled(w, choice, command)) throw new RangeError(`choice ${choice} is not enabled at step ${w.steps}`);
  const number = w.steps + 1;
  const thread = threadOf(w, choice, command);
  w.trace.begin(number, thread && lastOf(thread));
  chargeWaiting(w, choice);
  move(w, choice, number, command);
  w.steps = number;
  w.book.lastRoot = thread?.root ?? 0;
  w.bookCosts();
  if (!thread) return;
  const { last } = w.trace;
  thread.step = last?.step ?? 0;
  thread.index = last === null ? 0 : last.index + 1;
}

/**
 * Lets `choice`, which is enabled, act, and keeps no account of it: no step is counted, nothing priced, no thread of events
 * goes on. For who only asks which state follows.
 */
export function move(w: World, choice: Choice, number = 0, command = commandOf(w, choice)): void {
  const { crashes } = w.p2m.regs;
  try {
    if (choice >= COMMAND) byHand(w, command!, number);
    else act(w, choice, number);
  } catch (error) {
    if (!(error instanceof XenBug)) throw error;
    w.trace.emit('xen', 'xen.bug', { code: error.code });
    w.stop();
  }
  if (w.p2m.regs.crashes > crashes) {
    w.trace.emit('xen', 'domain.crash', {});
    w.stop();
  }
}

/** Whose thread of events goes on; a message that is received takes the sender's up. The toolstack's operations have none. */
function threadOf(w: World, choice: Choice, command: Command | undefined): Chain | null {
  if (choice >= COMMAND && command?.op === 'access') return w.chain(command.vcpu);
  if (choice === TOOLSTACK || choice >= COMMAND) return null;
  if (choice >= XENGT) {
    const thread = w.chain(choice === QEMU || choice >= QEMU_TAKE ? 'qemu' : 'xengt');
    if (choice >= XENGT_TAKE) follow(thread, w.chain(choice % 0x40));
    return thread;
  }
  const thread = w.chain(choice);
  const { phase, target } = w.vcpus[choice]!;
  if (phase === PHASE.blocked) {
    // The answer leads on, but the instruction is the vCPU's own: the device model may serve another's by now.
    const { root } = thread;
    follow(thread, w.chain(target === w.qemu.server ? 'qemu' : 'xengt'));
    thread.root = root;
  }
  return thread;
}

function act(w: World, choice: Choice, number: number): void {
  if (choice < XENGT) return actVcpu(w, choice, number);
  forgetTries(w);
  if (choice >= QEMU_TAKE) w.qemu.take(choice - QEMU_TAKE);
  else if (choice >= XENGT_TAKE) w.xengt.take(choice - XENGT_TAKE);
  else if (choice === QEMU) w.qemu.step();
  else if (choice === XENGT) {
    if (w.xengt.started) w.xengt.step();
    else w.xengt.start();
  } else if (w.vcpus[0]!.phase !== PHASE.paused || w.toolstack.releasing) w.toolstack.act(w);
  else {
    for (const v of w.vcpus) advance(w, v, VCPU.on.unpause);
    w.trace.add('hypercalls');
    w.trace.emit('toolstack', 'domain.unpause', { vcpus: w.vcpus.length });
  }
}

/** The user's hand. After a hypercall, what was tried in vain may come to something. */
function byHand(w: World, command: Command, number: number): void {
  if (command.op === 'access') {
    w.chain(command.vcpu).root = number;
    return instruct(w, command.vcpu, command.access);
  }
  forgetTries(w);
  perform(w, command);
}

function actVcpu(w: World, i: number, number: number): void {
  const v = w.vcpus[i]!;
  switch (v.phase) {
    case PHASE.running:
    case PHASE.retrying:
      if (v.kind === 0) w.chain(i).root = number;
      return execute(w, i);
    case PHASE.exited:
      return v.misconfig === 1 ? handleMisconfig(w, i) : handleViolation(w, i);
    case PHASE.emulating:
      return emulate(w, i);
    case PHASE.sending:
      return send(w, i);
    default:
      return complete(w, i);
  }
}

/** The thread goes on from where another left off: a message was received. */
function follow(thread: Chain, from: Chain): void {
  thread.step = from.step;
  thread.index = from.index;
  thread.root = from.root;
}

function chargeWaiting(w: World, choice: Choice): void {
  let waiting = 0;
  w.vcpus.forEach((v, i) => {
    if (i !== choice && v.phase === PHASE.blocked) waiting += 1;
  });
  if (waiting > 0) w.trace.add('blocked', waiting);
}
