/**
 * The toolstack: lets the guest run, and does beside it what its program says: migrates, balloons, detaches and kills the
 * device model. One operation a step; `wait` is no step, it only holds the program back.
 */
import type { ToolOp } from './config';
import { failed, type Rc } from './errno';
import { P2M } from './p2m-type';
import { record, type RecordOf } from './record';
import type { Space } from './store';
import { PHASE } from './vcpu';
import type { World } from './world';

const Regs = record({ pc: 1 });

export class Toolstack {
  static readonly words = Regs.words;
  readonly #regs: RecordOf<typeof Regs>;

  constructor(space: Space, base: number) {
    this.#regs = Regs.at(space, base);
  }

  /** The next operation, waits that have passed skipped; undefined: none, or it still waits. */
  next(w: World): ToolOp | undefined {
    const { toolstack } = w.config;
    for (let { pc } = this.#regs; pc < toolstack.length; pc++) {
      const op = toolstack[pc]!;
      if (op.op !== 'wait') return op;
      const v = w.vcpus[op.vcpu];
      if (v && v.pc < op.pc && v.phase < PHASE.done) return undefined;
    }
    return undefined;
  }

  /** Whether its next operation can be done now: some need the p2m lock, some XenGT's attention. */
  mayAct(w: World): boolean {
    const op = this.next(w);
    if (op === undefined) return false;
    if (op.op === 'detach' || op.op === 'attach') return w.xengt.idle;
    return op.op === 'kill' ? w.xengt.alive && !w.xengt.inRelease && canPause(w) : w.p2mLock === null;
  }

  act(w: World): void {
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
      case 'wait':
    }
  }
}

/** A domain is paused once no vCPU of it is in the midst of Xen's code; one that waits for a device model is not. */
const canPause = (w: World): boolean => w.vcpus.every(({ phase }) => phase < PHASE.exited || phase > PHASE.sending);

/** `guest_physmap_remove_page`, page by page: what the guest gives back has no entry any more. */
function balloon(w: World, gfn: number, frames: number): Rc {
  for (let i = 0; i < frames; i++) {
    const rc = w.p2m.setEntry(gfn + i, null, 0, P2M.invalid);
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
