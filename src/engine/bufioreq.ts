/**
 * The buffered ring that a server shares with Xen (xen/arch/x86/hvm/ioreq.c: hvm_send_buffered_ioreq): 511 slots of 8
 * bytes and two free-running 32-bit pointers, for accesses that a vCPU need not wait for.
 *
 * Region: read pointer, write pointer, then two words a slot as Xen's struct buf_ioreq packs them: type 7:0, direction 9,
 * size code 11:10, address 31:12; then the data. What becomes of a request is decided by machines/ring.ts.
 * Left out: the lock, and a consumer that moves its pointer in the midst of Xen's fold.
 */
import { BUFIOREQ } from './ioreq';
import { Law, type Decision } from './machines/law';
import { RING } from './machines/ring';
import { xenWith, type Xen } from './patches';
import type { Space } from './store';
import type { Meter } from './trace';
import type { U64 } from './words64';

/** IOREQ_BUFFER_SLOT_NUM. */
export const BUFIOREQ_SLOTS = 511;
/** The address field has 20 bits. */
const ADDRESS_LIMIT = 1 << 20;
/** Bytes of an access by its 2-bit code. */
const SIZES = [1, 2, 4, 8] as const;

export interface BufRequest {
  /** One of IOREQ_TYPE. */
  readonly type: number;
  readonly addr: U64;
  /** Bytes. */
  readonly size: number;
  readonly count: number;
  /** 1 read, 0 write. */
  readonly dir: number;
  readonly dataIsPtr: boolean;
  readonly data: U64;
}

export interface BufSlot {
  readonly type: number;
  readonly dir: number;
  readonly sizeCode: number;
  readonly addr: number;
  readonly data: number;
}

export interface BufSent {
  /** UNHANDLEABLE: the caller sends the request the synchronous way. */
  readonly rc: 'OKAY' | 'UNHANDLEABLE';
  /** Whether anything went into the ring; the consumer is then notified. */
  readonly queued: boolean;
}

const { at, on, is } = RING;
/** What is answered, by the chart's effect. */
const SENT: Readonly<Record<string, BufSent>> = {
  unhandleable: { rc: 'UNHANDLEABLE', queued: false },
  lose: { rc: 'OKAY', queued: false },
  queue: { rc: 'OKAY', queued: true },
};

export class BufioreqRing {
  /** Size of the region in words. */
  static readonly words = 2 + 2 * BUFIOREQ_SLOTS;

  readonly #law: Law;

  /** @param mode one of BUFIOREQ. */
  constructor(
    readonly space: Space,
    readonly base: number,
    readonly mode: number,
    xen: Pick<Xen, 'unbufferable'>,
    readonly meter?: Meter,
  ) {
    this.#law = Law.of(RING, { ...xenWith([]), ...xen });
  }

  get readPointer(): number {
    return this.space.get(this.base);
  }
  /** The device model's to move. */
  set readPointer(value: number) {
    this.space.put(this.base, value);
  }
  get writePointer(): number {
    return this.space.get(this.base + 1);
  }
  set writePointer(value: number) {
    this.space.put(this.base + 1, value);
  }

  /** Slots filled and not yet consumed. */
  get pending(): number {
    return (this.writePointer - this.readPointer) >>> 0;
  }

  /** State of the chart that it is in, by its number there. */
  get state(): number {
    if (this.mode === BUFIOREQ.off) return at.off;
    const { pending } = this;
    return pending === 0 ? at.empty : pending < BUFIOREQ_SLOTS ? at.filling : at.full;
  }

  slot(index: number): BufSlot {
    const word = this.space.get(this.#at(index));
    return {
      type: word & 0xff,
      dir: (word >>> 9) & 1,
      sizeCode: (word >>> 10) & 3,
      addr: word >>> 12,
      data: this.space.get(this.#at(index) + 1),
    };
  }

  /**
   * Queues a request: one slot, two for 8 bytes. UNHANDLEABLE: no ring; a size other than 1, 2, 4, 8; the ring is full;
   * and, with `unbufferable`, an address from 1 MiB on, pointer data or a count other than 1, for which a slot has no room.
   * Before that patch these were answered OKAY and lost.
   */
  send(request: BufRequest): BufSent {
    const { addr, count, dataIsPtr, data, size } = request;
    const sizeCode = SIZES.findIndex((bytes) => bytes === size);
    const slots = size === 8 ? 2 : 1;
    const free = BUFIOREQ_SLOTS - this.pending;
    let facts = (slots === 2 ? is.long : 0) | (free === 1 ? is.one : free === 2 ? is.two : 0);
    if (addr.hi !== 0 || addr.lo >= ADDRESS_LIMIT || dataIsPtr || count !== 1) facts |= is.unfit;
    if (sizeCode < 0) facts |= is.oddSize;
    const sent = SENT[this.#decide(on.send, facts).effect!]!;
    if (!sent.queued) return sent;

    const word = ((addr.lo << 12) | (sizeCode << 10) | ((request.dir & 1) << 9) | (request.type & 0xff)) >>> 0;
    this.#put(this.writePointer, word, data.lo);
    if (slots === 2) this.#put((this.writePointer + 1) >>> 0, word, data.hi);
    this.writePointer = (this.writePointer + slots) >>> 0;
    if (this.mode === BUFIOREQ.atomic) this.#fold();
    this.meter?.add('notifications');
    return sent;
  }

  /** The device model takes `slots` slots. It is trusted not to go past the write pointer. */
  consume(slots: number): void {
    if (slots === 0) return;
    this.#decide(on.consume, slots === this.pending ? is.last : 0);
    this.readPointer = (this.readPointer + slots) >>> 0;
  }

  #decide(event: number, facts: number): Decision {
    return this.#law.advance(this.state, event, facts);
  }

  /** Brings the read pointer below 511 and the write pointer along, in one exchange as nobody interferes. */
  #fold(): void {
    const back = this.readPointer - (this.readPointer % BUFIOREQ_SLOTS);
    this.writePointer = (this.writePointer - back) >>> 0;
    this.readPointer -= back;
  }

  #put(pointer: number, word: number, data: number): void {
    this.space.put(this.#at(pointer), word);
    this.space.put(this.#at(pointer) + 1, data);
  }

  #at(pointer: number): number {
    return this.base + 2 + 2 * (pointer % BUFIOREQ_SLOTS);
  }
}
