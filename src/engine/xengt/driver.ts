/**
 * The guest's GPU driver (i915, gen8_ppgtt.c): keeps the page tables of one 4-level PPGTT in guest RAM and tells XenGT when
 * it begins and ends. It has its own record of its tables, as i915 has in struct i915_page_directory, and never reads the
 * tables back: a write that got lost is not noticed. One that `tells` says after each bind and unbind which GPU addresses it
 * has mapped otherwise (designs/paravirtual.ts). It is a source of instructions: `next` says what the vCPU must do,
 * `retired` that it was done.
 */
import type { Config, Op } from '../config';
import { PAGE_SIZE } from '../config';
import {
  CHANGED_HIGH,
  CHANGED_LOW,
  CHANGED_PAGES,
  ELSP,
  G2V_NOTIFY,
  PDP0_HIGH,
  PDP0_LOW,
  PPGTT_CHANGED,
  PPGTT_L4_CREATE,
  PPGTT_L4_DESTROY,
  PVINFO,
} from '../guest-layout';
import { record, type RecordOf } from '../record';
import type { Space } from '../store';
import { encode, slotOf } from './gen8';

/** Tables that the driver's record has room for; a small guest has fewer frames for them. */
const MAX_TABLES = 4096;
const ENTRIES = 512;

const Driver = record({
  /** Tables made so far (record numbers 1..); freed ones are chained from `freeTable`. */
  tables: 1,
  freeTable: 1,
  /** Frames for tables taken so far; freed ones are chained through `nextFree` of their table record. */
  taken: 1,
  root: 1,
  /** Progress of the operation: page of a bind, step of a message. */
  cursor: 1,
  /** Unbind: level whose table has just become empty, 0 none. */
  emptied: 1,
  /** Table that the instruction in flight will link, 0 none. */
  linking: 1,
  /** Table that the instruction in flight clears, 0 none. */
  clearing: 1,
});

const Table = record({ gfn: 1, level: 1, used: 1, parent: 1, slot: 1, nextFree: 1 });

/** What became of a request for the next instruction. */
export type Next = 'ready' | 'done' | 'noMemory';

/** How far a driver that tells has got: entries changed and not told of; step of the message; it found no frame. */
export interface Telling {
  untold: number;
  told: number;
  gaveUp: number;
}

/** What the vCPU must execute. `count` 8-byte writes in a row (a string instruction) when above 1. */
export interface Instruction {
  gpa: number;
  size: number;
  low: number;
  high: number;
  count: number;
}

export class GuestDriver {
  static readonly words = Driver.words + MAX_TABLES * (Table.words + ENTRIES);
  readonly #regs: RecordOf<typeof Driver>;

  constructor(
    readonly config: Config,
    readonly space: Space,
    readonly base: number,
    readonly isBlank: (gfn: number) => boolean,
    readonly telling: Telling | null = null,
  ) {
    this.#regs = Driver.at(space, base);
  }

  /** Fills in the next instruction of `op`; `noMemory`: no frame for a table, the operation is given up. */
  next(op: Op, into: Instruction): Next {
    if (this.telling === null || (op.op !== 'bind' && op.op !== 'unbind')) return this.#next(op, into);
    return this.#tell(this.telling, op, into);
  }

  #next(op: Op, into: Instruction): Next {
    switch (op.op) {
      case 'ppgtt_create':
        return this.#create(into);
      case 'submit':
        return this.#submit(into);
      case 'bind':
        return this.#bind(op.gma, op.pages, op.gfn, into);
      case 'unbind':
        return this.#unbind(op.gma, op.pages, into);
      case 'ppgtt_destroy':
        return this.#destroy(into);
      default:
        return 'done';
    }
  }

  /** The instruction that `next` gave last has been carried out. */
  retired(op: Op): void {
    const regs = this.#regs;
    if (regs.clearing !== 0) {
      regs.clearing = 0;
      return;
    }
    if (this.telling && this.telling.told > 0) {
      this.telling.told += 1;
      return;
    }
    if (op.op === 'ppgtt_create' || op.op === 'ppgtt_destroy' || op.op === 'submit') regs.cursor += 1;
    if (op.op === 'bind') this.#bound(op.gma + regs.cursor * PAGE_SIZE);
    if (op.op === 'unbind') this.#unbound(op.gma + regs.cursor * PAGE_SIZE);
  }

  /** Frames that it has taken for tables, the nth of which is `tableFrame(config, n)`. */
  get made(): number {
    return this.#regs.taken;
  }

  get rootGfn(): number | null {
    return this.#regs.root === 0 ? null : this.#table(this.#regs.root).gfn;
  }

  #create(into: Instruction): Next {
    const regs = this.#regs;
    if (regs.cursor === 0 && regs.root === 0) {
      regs.root = this.#allocate(3);
      if (regs.root === 0) return 'noMemory';
      if (this.#wipe(regs.root, into)) return 'ready';
    }
    const gpa = this.#table(regs.root).gfn * PAGE_SIZE;
    return this.#message(gpa, PPGTT_L4_CREATE, into);
  }

  /** One write is enough here; i915 writes the port four times, for two contexts of 64 bits, and the last one counts. */
  #submit(into: Instruction): Next {
    const regs = this.#regs;
    if (regs.cursor > 0) {
      regs.cursor = 0;
      return 'done';
    }
    Object.assign(into, { gpa: ELSP, size: 4, low: 1, high: 0, count: 1 });
    return 'ready';
  }

  /** An operation, and then what was changed, also by one that had to be given up. */
  #tell(telling: Telling, op: Extract<Op, { op: 'bind' | 'unbind' }>, into: Instruction): Next {
    if (telling.told === 0) {
      const next = this.#next(op, into);
      if (next === 'ready') telling.untold = 1;
      if (next === 'ready' || telling.untold === 0) return next;
      telling.gaveUp = next === 'noMemory' ? 1 : 0;
      telling.told = 1;
    }
    const writes = [
      [CHANGED_LOW, op.gma % 2 ** 32],
      [CHANGED_HIGH, Math.floor(op.gma / 2 ** 32)],
      [CHANGED_PAGES, op.pages],
      [G2V_NOTIFY, PPGTT_CHANGED],
    ] as const;
    const write = writes[telling.told - 1];
    if (write) {
      Object.assign(into, { gpa: PVINFO + write[0], size: 4, low: write[1], high: 0, count: 1 });
      return 'ready';
    }
    const next = telling.gaveUp === 1 ? 'noMemory' : 'done';
    telling.told = telling.untold = telling.gaveUp = 0;
    return next;
  }

  #destroy(into: Instruction): Next {
    const regs = this.#regs;
    if (regs.root === 0) return 'done';
    const next = this.#message(this.#table(regs.root).gfn * PAGE_SIZE, PPGTT_L4_DESTROY, into);
    if (next === 'done') {
      this.#freeTree(regs.root);
      regs.root = 0;
    }
    return next;
  }

  /** Three register writes: where the PML4 lies, then what happened to it (gen8_ppgtt_notify_vgt). */
  #message(gpa: number, message: number, into: Instruction): Next {
    const writes = [
      [PDP0_LOW, gpa % 2 ** 32],
      [PDP0_HIGH, Math.floor(gpa / 2 ** 32)],
      [G2V_NOTIFY, message],
    ] as const;
    const write = writes[this.#regs.cursor];
    if (!write) {
      this.#regs.cursor = 0;
      return 'done';
    }
    Object.assign(into, { gpa: PVINFO + write[0], size: 4, low: write[1], high: 0, count: 1 });
    return 'ready';
  }

  #bind(gma: number, pages: number, gfn: number, into: Instruction): Next {
    const regs = this.#regs;
    if (regs.root === 0 || regs.cursor === pages) {
      regs.cursor = 0;
      return 'done';
    }
    const at = gma + regs.cursor * PAGE_SIZE;
    let table = regs.root;
    for (let level = 3; level > 0; level--) {
      const child = this.#child(table, slotOf(at, level));
      if (child === 0) return this.#link(table, level, slotOf(at, level), into);
      table = child;
    }
    this.#entry(table, slotOf(at, 0), gfn + regs.cursor, 0, into);
    return 'ready';
  }

  /** Makes a table for `slot` of `parent`: cleared first, while it is still plain RAM, then linked. */
  #link(parent: number, level: number, slot: number, into: Instruction): Next {
    const regs = this.#regs;
    if (regs.linking === 0) {
      const made = this.#allocate(level - 1);
      if (made === 0) {
        regs.cursor = 0;
        return 'noMemory';
      }
      const table = this.#table(made);
      table.parent = parent;
      table.slot = slot;
      regs.linking = made;
      if (this.#wipe(made, into)) return 'ready';
    }
    this.#entry(parent, slot, this.#table(regs.linking).gfn, level, into);
    return 'ready';
  }

  /** A new table's frame may hold what an earlier table left in it: then one string instruction clears it. */
  #wipe(number: number, into: Instruction): boolean {
    const { gfn } = this.#table(number);
    if (this.isBlank(gfn)) return false;
    this.#regs.clearing = number;
    Object.assign(into, { gpa: gfn * PAGE_SIZE, size: 8, low: 0, high: 0, count: ENTRIES });
    return true;
  }

  #bound(gma: number): void {
    const regs = this.#regs;
    if (regs.linking !== 0) {
      const { parent, slot } = this.#table(regs.linking);
      this.#setChild(parent, slot, regs.linking);
      this.#table(parent).used += 1;
      regs.linking = 0;
      return;
    }
    const leaf = this.#leaf(gma);
    if (this.#child(leaf, slotOf(gma, 0)) === 0) this.#table(leaf).used += 1;
    this.#setChild(leaf, slotOf(gma, 0), 1);
    regs.cursor += 1;
  }

  #unbind(gma: number, pages: number, into: Instruction): Next {
    const regs = this.#regs;
    if (regs.emptied !== 0) {
      const { parent, slot } = this.#table(regs.emptied);
      this.#clear(parent, slot, into);
      return 'ready';
    }
    while (regs.cursor < pages) {
      const at = gma + regs.cursor * PAGE_SIZE;
      const leaf = this.#leaf(at);
      if (leaf !== 0 && this.#child(leaf, slotOf(at, 0)) !== 0) {
        this.#clear(leaf, slotOf(at, 0), into);
        return 'ready';
      }
      regs.cursor += 1;
    }
    regs.cursor = 0;
    return 'done';
  }

  #unbound(gma: number): void {
    const regs = this.#regs;
    let table = this.#leaf(gma);
    let slot = slotOf(gma, 0);
    if (regs.emptied !== 0) {
      const empty = regs.emptied;
      table = this.#table(empty).parent;
      slot = this.#table(empty).slot;
      this.#free(empty);
      regs.emptied = 0;
    }
    this.#setChild(table, slot, 0);
    this.#table(table).used -= 1;
    if (this.#table(table).used === 0 && table !== regs.root) regs.emptied = table;
    else regs.cursor += 1;
  }

  #leaf(gma: number): number {
    let table = this.#regs.root;
    for (let level = 3; level > 0 && table !== 0; level--) table = this.#child(table, slotOf(gma, level));
    return table;
  }

  #entry(table: number, slot: number, frame: number, level: number, into: Instruction): void {
    encode(frame, level, into);
    Object.assign(into, { gpa: this.#table(table).gfn * PAGE_SIZE + slot * 8, size: 8, count: 1 });
  }

  #clear(table: number, slot: number, into: Instruction): void {
    Object.assign(into, { gpa: this.#table(table).gfn * PAGE_SIZE + slot * 8, size: 8, low: 0, high: 0, count: 1 });
  }

  #table(number: number): RecordOf<typeof Table> {
    return Table.at(this.space, this.base + Driver.words + (number - 1) * Table.words);
  }

  #childAddress(table: number, slot: number): number {
    return this.base + Driver.words + MAX_TABLES * Table.words + (table - 1) * ENTRIES + slot;
  }

  #child(table: number, slot: number): number {
    return this.space.get(this.#childAddress(table, slot));
  }

  #setChild(table: number, slot: number, child: number): void {
    this.space.put(this.#childAddress(table, slot), child);
  }

  /** A table record with a frame; 0 when there is none left. */
  #allocate(level: number): number {
    const regs = this.#regs;
    let number = regs.freeTable;
    if (number !== 0) {
      regs.freeTable = this.#table(number).nextFree;
    } else {
      if (regs.tables === tableFrames(this.config)) return 0;
      number = regs.tables += 1;
      this.#table(number).gfn = tableFrame(this.config, regs.taken);
      regs.taken += 1;
    }
    const table = this.#table(number);
    table.level = level;
    table.used = 0;
    table.parent = 0;
    table.nextFree = 0;
    return number;
  }

  #free(number: number): void {
    this.#table(number).nextFree = this.#regs.freeTable;
    this.#regs.freeTable = number;
  }

  #freeTree(number: number): void {
    const { level, used } = this.#table(number);
    if (used > 0) {
      for (let slot = 0; slot < ENTRIES; slot++) {
        const child = this.#child(number, slot);
        if (child === 0) continue;
        if (level > 0) this.#freeTree(child);
        this.#setChild(number, slot, 0);
      }
    }
    this.#free(number);
  }
}

/** Frames that the driver may use for tables. */
export const tableFrames = (config: Config): number => Math.min(MAX_TABLES, lowRam(config) / 8);

/** Guest frame of the driver's `n`th table: from three eighths of low RAM on, scattered or in a row. */
export function tableFrame(config: Config, n: number): number {
  const at = config.tablePages === 'contiguous' ? n : (n * 1181 + 17) % tableFrames(config);
  return (lowRam(config) * 3) / 8 + at;
}

const lowRam = (config: Config): number => Math.min(config.memory / PAGE_SIZE, 0xf0000);
