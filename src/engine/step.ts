/**
 * The one idea: `enabled` says who may act next, `step` lets one of them do one atomic action. Both are pure in the sense
 * that the world they are given decides everything. Everything else in the program is a reader of these two.
 */
import { isAnswered, isReady } from './dm-calls';
import { complete, doIo, handleMisconfig, handleViolation, sendIoreq } from './emulate';
import { execute } from './execute';
import type { AnyEvent } from './trace';
import { PHASE } from './vcpu';
import { lastOf, type Chain, type World } from './world';

/**
 * Who acts: 0.. a vCPU (or Xen for it), XENGT its next job, XENGT_TAKE + n taking vCPU n's request, TOOLSTACK. A number, so
 * that a journal of a hundred thousand steps is an array of them.
 */
export type Choice = number;
export const XENGT = 0x40;
export const TOOLSTACK = 0x41;
export const XENGT_TAKE = 0x80;
export const MAX_VCPUS = 32;

/** Every action that could come next, lowest number first. None: the run is over, or stuck. */
export function enabled(w: World): Choice[] {
  const choices: Choice[] = [];
  const { length } = w.vcpus;
  for (let i = 0; i < length; i++) if (vcpuMayAct(w, i)) choices.push(i);
  for (const choice of [XENGT, TOOLSTACK]) if (isEnabled(w, choice)) choices.push(choice);
  for (let i = 0; i < length; i++) if (xengtMayTake(w, i)) choices.push(XENGT_TAKE + i);
  return choices;
}

export function isEnabled(w: World, choice: Choice): boolean {
  if (choice >= XENGT_TAKE) return xengtMayTake(w, choice - XENGT_TAKE);
  if (choice === XENGT) return xengtMayGoOn(w);
  if (choice === TOOLSTACK) return w.xengt.started && w.vcpus[0]!.phase === PHASE.paused;
  return vcpuMayAct(w, choice);
}

function xengtMayGoOn({ xengt, p2mLock }: World): boolean {
  if (!xengt.started) return true;
  return xengt.serving !== null && (p2mLock === null || !xengt.needsP2mLock);
}

function xengtMayTake(w: World, vcpu: number): boolean {
  return vcpu < w.vcpus.length && w.xengt.serving === null && isReady(w, w.xengt.server, vcpu);
}

function vcpuMayAct(w: World, i: number): boolean {
  const v = w.vcpus[i];
  if (!v) return false;
  switch (v.phase) {
    case PHASE.running:
    case PHASE.emulating:
    case PHASE.sending:
      return true;
    case PHASE.exited:
      return w.p2mLock === null;
    case PHASE.blocked:
      return isAnswered(w, v.target, i);
    default:
      return false;
  }
}

/** Lets `choice` act and keeps it. Answers what happened; throws when `choice` is not enabled. */
export function step(w: World, choice: Choice): readonly AnyEvent[] {
  apply(w, choice);
  w.store.settle();
  return w.trace.events;
}

/** Lets `choice` act so that `store.rollback` can take it back. */
export function apply(w: World, choice: Choice): void {
  if (!isEnabled(w, choice)) throw new RangeError(`choice ${choice} is not enabled at step ${w.steps}`);
  const thread = w.chain(choice < XENGT ? choice : null);
  const number = w.steps + 1;
  if (choice >= XENGT_TAKE) follow(thread, w.chain(choice - XENGT_TAKE));
  else if (choice < XENGT && w.vcpus[choice]!.phase === PHASE.blocked) follow(thread, w.chain(null));
  w.trace.begin(number, choice === TOOLSTACK ? null : lastOf(thread));
  chargeWaiting(w, choice);
  act(w, choice, thread, number);
  w.steps = number;
  w.book.lastRoot = choice === TOOLSTACK ? 0 : thread.root;
  w.bookCosts();
  const { last } = w.trace;
  thread.step = last?.step ?? 0;
  thread.index = last === null ? 0 : last.index + 1;
}

function act(w: World, choice: Choice, thread: Chain, number: number): void {
  if (choice === TOOLSTACK) {
    for (const v of w.vcpus) v.phase = PHASE.running;
    w.trace.add('hypercalls');
    w.trace.emit('toolstack', 'domain.unpause', { vcpus: w.vcpus.length });
  } else if (choice >= XENGT_TAKE) w.xengt.take(choice - XENGT_TAKE);
  else if (choice === XENGT) {
    if (w.xengt.started) w.xengt.step();
    else w.xengt.start();
  } else actVcpu(w, choice, thread, number);
}

function actVcpu(w: World, i: number, thread: Chain, number: number): void {
  const v = w.vcpus[i]!;
  switch (v.phase) {
    case PHASE.running:
      if (v.kind === 0) thread.root = number;
      return execute(w, i);
    case PHASE.exited:
      return v.misconfig === 1 ? handleMisconfig(w, i) : handleViolation(w, i);
    case PHASE.emulating:
      return doIo(w, i);
    case PHASE.sending:
      return sendIoreq(w, i);
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
