/**
 * A QEMU-like device model: the default ioreq server, which gets every access that no other server takes. It answers at
 * once, writes vanish in its devices and reads give zeros: what its devices are is no matter here. With a buffered ring it
 * also takes, in its own time, the writes that nobody waits for.
 */
import { BufioreqRing } from './bufioreq';
import type { Calls } from './dm-calls';
import { failed } from './errno';
import type { Xen } from './patches';
import { record, type RecordOf } from './record';
import type { Space } from './store';
import type { Trace } from './trace';

const Regs = record({ created: 1, server: 1, serving: 1 });

export class Qemu {
  static readonly words = Regs.words + BufioreqRing.words;
  readonly ring: BufioreqRing | null;
  readonly #regs: RecordOf<typeof Regs>;

  /** `bufioreq`: one of BUFIOREQ; null: there is no such device model. */
  constructor(
    space: Space,
    base: number,
    readonly bufioreq: 0 | 1 | 2 | null,
    readonly calls: Calls,
    readonly trace: Trace,
    xen: Pick<Xen, 'unbufferable'>,
  ) {
    this.#regs = Regs.at(space, base);
    this.ring = bufioreq ? new BufioreqRing(space, base + Regs.words, bufioreq, xen, trace) : null;
  }

  /** There is none, or it has its server. */
  get started(): boolean {
    return this.bufioreq === null || this.#regs.created === 1;
  }
  get server(): number {
    return this.#regs.server;
  }
  /** vCPU whose request is being served, or null. */
  get serving(): number | null {
    return this.#regs.serving === 0 ? null : this.#regs.serving - 1;
  }

  /** A step: its start, an answer, or an entry of its ring. */
  get mayStep(): boolean {
    return !this.started || this.serving !== null || (this.ring !== null && this.ring.pending > 0);
  }
  /** What was queued is older than the request that is served, so it comes first (QEMU: cpu_handle_ioreq). */
  step(): void {
    if (!this.started) this.#create();
    else if (this.serving === null || this.ring?.pending) this.#drain();
    else this.#respond(this.serving);
  }

  take(vcpu: number): void {
    const { server } = this;
    const { gpa } = this.calls.request(server, vcpu);
    this.calls.take(server, vcpu);
    this.#regs.serving = vcpu + 1;
    this.trace.emit('qemu', 'ioreq.inprocess', { vcpu, server, gpa, by: 'qemu' });
  }

  /** The default server: it is enabled from the start. */
  #create(): void {
    const id = this.calls.createServer(this.bufioreq ?? 0, true);
    this.#regs.created = 1;
    if (!failed(id)) this.#regs.server = id;
    this.trace.emit('qemu', 'qemu.create', { server: this.server }, failed(id) ? id : undefined);
  }

  #respond(vcpu: number): void {
    const { server } = this;
    const { gpa, write } = this.calls.request(server, vcpu);
    this.calls.respond(server, vcpu, 0, 0);
    this.#regs.serving = 0;
    this.trace.emit('qemu', 'qemu.respond', { vcpu, server, gpa, write });
  }

  /** One entry, of which an 8-byte write has two slots. */
  #drain(): void {
    const ring = this.ring!;
    const { addr, data, sizeCode } = ring.slot(ring.readPointer);
    ring.consume(sizeCode === 3 ? 2 : 1);
    this.trace.emit('qemu', 'qemu.drain', { gpa: addr, low: data, left: ring.pending });
  }
}
