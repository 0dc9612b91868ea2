/**
 * The toolstack: lets the guest run, and does beside it what its program says: migrates, balloons, detaches and kills the
 * device model, makes single hypercalls. One operation a step; `wait` is no step, it only holds the program back. A release that
 * was begun by one of these calls, or by the user's hand (by-hand.ts), it goes on with first.
 */
import { canPause, goOnReleasing, mayPerform, perform } from './by-hand';
import type { ToolOp } from './config';
import { failed, type Rc } from './errno';
import { SWEEP } from './machines/sweep';
import { removePage } from './physmap';
import { record, type RecordOf } from './record';
import type { Space } from './store';
import { hasEnded } from './vcpu';
import type { World } from './world';

const Regs = record({ pc: 1 });
/** A release by hand: state of the sweep's chart, and the first frame that is not swept. */
const Release = record({ state: 1, first: 1 });

export class Toolstack {
  static readonly words = Regs.words;
  static readonly releaseWords = Release.words;
  readonly release: RecordOf<typeof Release>;
  readonly #regs: RecordOf<typeof Regs>;

  /** `base`: first of `words` words; `releaseBase`: of `releaseWords`. */
  constructor(space: Space, base: number, releaseBase: number) {
    this.#regs = Regs.at(space, base);
    this.release = Release.at(space, releaseBase);
  }

  /** Operations of its program that are behind it; of waits it may be more. */
  get done(): number {
    return this.#regs.pc;
  }
  /** A release by hand is under way. */
  get releasing(): boolean {
    return this.release.state !== SWEEP.at.idle;
  }

  /** The next operation, waits that have passed skipped; undefined: none, or it still waits. */
  next(w: World): ToolOp | undefined {
    const { toolstack } = w.config;
    for (let { pc } = this.#regs; pc < toolstack.length; pc++) {
      const op = toolstack[pc]!;
      if (op.op !== 'wait') return op;
      const v = w.vcpus[op.vcpu];
      if (v && v.pc < op.pc && !hasEnded(v)) return undefined;
    }
    return undefined;
  }

  /** Whether its next operation can be done now: some need the p2m lock, some XenGT's attention. */
  mayAct(w: World): boolean {
    if (this.releasing) return w.p2mLock === null;
    const op = this.next(w);
    if (op === undefined) return false;
    if (op.op === 'call') return mayPerform(w, op.command);
    if (op.op === 'detach' || op.op === 'attach') return w.xengt.idle;
    return op.op === 'kill' ? w.xengt.alive && !w.xengt.inRelease && canPause(w) : w.p2mLock === null;
  }

  act(w: World): void {
    if (this.releasing) return goOnReleasing(w);
    const op = this.next(w)!;
    const { toolstack } = w.config;
    let { pc } = this.#regs;
    while (toolstack[pc] !== op) pc++;
    this.#regs.pc = pc + 1;
    switch (op.op) {
      case 'log_dirty':
        w.trace.add('hypercalls');
        return emit(w, 'toolstack.logDirty', { on: op.on }, w.domain.setLogDirty(op.on));
      case 'balloon':
        w.trace.add('hypercalls');
        return emit(w, 'toolstack.balloon', { gfn: op.gfn, frames: op.frames }, balloon(w, op.gfn, op.frames));
      case 'kill':
        return w.xengt.kill();
      case 'detach':
      case 'attach':
        w.xengt.ask(op.op);
        return emit(w, 'toolstack.ask', { what: op.op }, 0);
      case 'call':
        return perform(w, op.command);
      case 'wait':
    }
  }
}

/** `guest_physmap_remove_page`, page by page: what the guest gives back has no entry any more. */
function balloon(w: World, gfn: number, frames: number): Rc {
  for (let i = 0; i < frames; i++) {
    const rc = removePage(w.p2m, gfn + i);
    if (failed(rc)) return rc;
  }
  return 0;
}

function emit<C extends 'toolstack.logDirty' | 'toolstack.balloon' | 'toolstack.ask'>(
  w: World,
  code: C,
  params: Parameters<typeof w.trace.emit<C>>[2],
  rc: Rc,
): void {
  w.trace.emit('toolstack', code, params, failed(rc) ? rc : undefined);
}
