/**
 * A world is words. Everything that can change lives in one of four sparse spaces of 32-bit words, kept in pages of 1024
 * words (4 KiB), so that a world forks by sharing pages, undoes by a list of words, hashes as it goes and crosses a thread
 * as plain arrays.
 *
 *   state   actors' registers, rangesets, the device model's records          hashed
 *   tables  the paging pool: EPT tables in Xen's bit layout, 2 words an entry  hashed
 *   frames  contents of machine frames, a page each, made at the first write   hashed by mfn, not by where they lie
 *   notes   step number, causes, costs, census: what a reader wants to know    not hashed: two worlds that differ in
 *                                                                              these alone behave the same
 */
export const PAGE_WORDS = 1024;

const ZERO = new Uint32Array(PAGE_WORDS);
const SLAB_PAGES = 64;
/** `where` of a word: its space above these bits, its address in them. */
export const SPACE_SHIFT = 28;
export const ADDRESS = 0x0fffffff;

/**
 * Hands out zeroed pages cut from larger buffers: a quarter of the cost of one buffer a page. The first buffers are small, since
 * many a fork writes to a few pages only.
 */
class Slab {
  #buffer = new ArrayBuffer(0);
  #next = 0;
  #pages = 4;

  page(): Uint32Array {
    if (this.#next === this.#buffer.byteLength) {
      this.#buffer = new ArrayBuffer(this.#pages * PAGE_WORDS * 4);
      this.#next = 0;
      this.#pages = Math.min(2 * this.#pages, SLAB_PAGES);
    }
    const page = new Uint32Array(this.#buffer, this.#next, PAGE_WORDS);
    this.#next += PAGE_WORDS * 4;
    return page;
  }
}

/** Words that were overwritten since the last `settle`, three numbers each: where, old, new. */
class Log {
  words = new Uint32Array(3 * 1024);
  length = 0;

  add(where: number, old: number, value: number): void {
    if (this.length + 3 > this.words.length) {
      const more = new Uint32Array(this.words.length * 2);
      more.set(this.words);
      this.words = more;
    }
    this.words[this.length++] = where;
    this.words[this.length++] = old;
    this.words[this.length++] = value;
  }
}

/** Word-addressed memory, pages shared with forks until written. Addresses are below 2^28. */
export class Space {
  pages: Uint32Array[] = [];
  #own: Uint8Array = new Uint8Array(64);

  constructor(
    readonly id: number,
    readonly log: Log,
    readonly slab: Slab,
  ) {}

  get(address: number): number {
    const page = this.pages[address >>> 10];
    return page === undefined ? 0 : page[address & 1023]!;
  }

  put(address: number, value: number): void {
    const p = address >>> 10;
    const i = address & 1023;
    let page = this.pages[p] ?? ZERO;
    const old = page[i]!;
    value >>>= 0;
    if (old === value) return;
    if (this.#own[p] !== 1) page = this.takeOwn(p);
    page[i] = value;
    this.log.add(((this.id << SPACE_SHIFT) | address) >>> 0, old, value);
  }

  /** The page to read from; never write to it. */
  page(p: number): Uint32Array {
    return this.pages[p] ?? ZERO;
  }

  /** All pages, for a walk that reads from many of them; never write to one. */
  walk(): readonly Uint32Array[] {
    return this.pages;
  }

  /** A page that may be written without a log: for building the first image, and for undo. */
  takeOwn(p: number): Uint32Array {
    if (p >= this.#own.length) {
      const more = new Uint8Array(Math.max(p + 1, this.#own.length * 2));
      more.set(this.#own);
      this.#own = more;
    }
    const shared = this.pages[p];
    if (this.#own[p] === 1 && shared) return shared;
    while (this.pages.length < p) this.pages.push(ZERO);
    const page = this.slab.page();
    if (shared && shared !== ZERO) page.set(shared);
    this.pages[p] = page;
    this.#own[p] = 1;
    return page;
  }

  /** Gives `to` the same pages; from now on either side copies a page before it writes to it. */
  shareWith(to: Space): void {
    to.pages = this.pages.slice();
    this.#own.fill(0);
    to.#own = new Uint8Array(this.#own.length);
  }

  /** Bytes of the pages that this space holds, shared ones counted. */
  get bytes(): number {
    let n = 0;
    for (const page of this.pages) if (page !== ZERO) n += PAGE_WORDS * 4;
    return n;
  }
}

/** Is told of a word of a space before it is looked at or written; address -1: it may be any. */
export type Watch = (space: number, address: number) => void;

/** A space whose readers are watched. */
class WatchedSpace extends Space {
  constructor(
    id: number,
    log: Log,
    slab: Slab,
    readonly watch: Watch,
  ) {
    super(id, log, slab);
  }

  override get(address: number): number {
    this.watch(this.id, address);
    return super.get(address);
  }

  override put(address: number, value: number): void {
    this.watch(this.id, address);
    super.put(address, value);
  }

  override page(p: number): Uint32Array {
    this.watch(this.id, p << 10);
    return super.page(p);
  }

  override walk(): readonly Uint32Array[] {
    this.watch(this.id, -1);
    return super.walk();
  }
}

/** Where the contents of machine frames lie. Only ever grows, and is no part of the state: forks share it. */
class Slots {
  readonly of = new Map<number, number>();
  readonly mfns: number[] = [];

  slot(mfn: number): number {
    const known = this.of.get(mfn);
    if (known !== undefined) return known;
    const slot = this.mfns.push(mfn) - 1;
    this.of.set(mfn, slot);
    return slot;
  }
}

/** The four spaces, their common log, and the running hash. */
export class Store {
  readonly #log = new Log();
  readonly #slab = new Slab();
  readonly state: Space;
  readonly tables: Space;
  readonly frames: Space;
  readonly notes: Space;
  readonly #spaces: readonly Space[];
  #slots = new Slots();
  #settled = 0;
  #low = 0;
  #high = 0;

  constructor(watch?: Watch) {
    const space = (id: number): Space =>
      watch ? new WatchedSpace(id, this.#log, this.#slab, watch) : new Space(id, this.#log, this.#slab);
    this.#spaces = [
      (this.state = space(0)),
      (this.tables = space(1)),
      (this.frames = space(2)),
      (this.notes = space(3)),
    ];
  }

  /** A second store with the same content; each is then free to change without the other. `watch`: of the copy's words. */
  fork(watch?: Watch): Store {
    this.settle();
    const copy = new Store(watch);
    for (const space of this.#spaces) space.shareWith(copy.#spaces[space.id]!);
    copy.#slots = this.#slots;
    copy.#low = this.#low;
    copy.#high = this.#high;
    return copy;
  }

  /** Word address in `frames` of the first word of machine frame `mfn`. */
  frameAddress(mfn: number): number {
    return this.#slots.slot(mfn) * PAGE_WORDS;
  }

  /** Whether anything was ever written to machine frame `mfn` (in this world or a fork of it). */
  hasFrame(mfn: number): boolean {
    return this.#slots.of.has(mfn);
  }

  /** A point to come back to with `rollback`. */
  mark(): number {
    return this.#log.length;
  }

  /** Takes back every word written since `mark`. */
  rollback(mark: number): void {
    this.#fold();
    const { words } = this.#log;
    for (let i = this.#log.length - 3; i >= mark; i -= 3) {
      const where = words[i]!;
      const address = where & ADDRESS;
      this.#spaces[where >>> SPACE_SHIFT]!.takeOwn(address >>> 10)[address & 1023] = words[i + 1]!;
      this.#mix(where, words[i + 1]!, words[i + 2]!);
    }
    this.#log.length = mark;
    this.#settled = mark;
  }

  /** Forgets what could be taken back: call it once a step is there to stay. */
  settle(): void {
    this.#fold();
    this.#log.length = 0;
    this.#settled = 0;
  }

  /** Calls `see` for each word written since `mark`, oldest first. */
  changes(mark: number, see: (space: number, address: number, old: number, value: number) => void): void {
    const { words } = this.#log;
    for (let i = mark; i < this.#log.length; i += 3) {
      see(words[i]! >>> SPACE_SHIFT, words[i]! & ADDRESS, words[i + 1]!, words[i + 2]!);
    }
  }

  /** One number for a word of a space. */
  where(space: number, address: number): number {
    return ((space << SPACE_SHIFT) | address) >>> 0;
  }

  /** The word at `where`. */
  read(where: number): number {
    return this.#spaces[where >>> SPACE_SHIFT]!.get(where & ADDRESS);
  }

  /** Writes a word past log and hash: for who keeps an account of the words that make up a state (see `forget`). */
  set(where: number, value: number): void {
    const address = where & ADDRESS;
    this.#spaces[where >>> SPACE_SHIFT]!.takeOwn(address >>> 10)[address & 1023] = value;
  }

  /** As `settle`, but for the hash, which says nothing from here on. */
  forget(): void {
    this.#log.length = 0;
    this.#settled = 0;
  }

  /** Machine frame whose contents lie at that address of `frames`. */
  frameAt(address: number): number {
    return this.#slots.mfns[address >>> 10]!;
  }

  /** Takes words over from a fork: where and what, by turns. */
  take(words: Uint32Array): void {
    for (let i = 0; i < words.length; i += 2)
      this.#spaces[words[i]! >>> SPACE_SHIFT]!.put(words[i]! & ADDRESS, words[i + 1]!);
    this.settle();
  }

  /**
   * 64 bits, as 16 hexadecimal digits: equal for equal content of state, tables and frames among worlds that began from
   * the same configuration. Each word counts on its own (xor), so the order of writes does not matter.
   */
  hash(): string {
    this.#fold();
    return this.#high.toString(16).padStart(8, '0') + this.#low.toString(16).padStart(8, '0');
  }

  get bytes(): { state: number; tables: number; frames: number; notes: number } {
    return { state: this.state.bytes, tables: this.tables.bytes, frames: this.frames.bytes, notes: this.notes.bytes };
  }

  #fold(): void {
    const { words, length } = this.#log;
    for (let i = this.#settled; i < length; i += 3) this.#mix(words[i]!, words[i + 1]!, words[i + 2]!);
    this.#settled = length;
  }

  #mix(where: number, old: number, value: number): void {
    const space = where >>> SPACE_SHIFT;
    if (space === this.notes.id) return;
    let key = where;
    if (space === this.frames.id) {
      const address = where & ADDRESS;
      key = Math.imul(this.#slots.mfns[address >>> 10]! + 1, 0x9e3779b1) ^ (address & 1023) ^ 0x20000000;
    }
    this.#low = (this.#low ^ scramble(key, old) ^ scramble(key, value)) >>> 0;
    this.#high = (this.#high ^ scramble(~key, old) ^ scramble(~key, value)) >>> 0;
  }
}

/** 32 well-mixed bits of a key and a value (the finaliser of MurmurHash3, twice). */
function scramble(key: number, value: number): number {
  let h = Math.imul(key ^ 0x5bd1e995, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ value, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
