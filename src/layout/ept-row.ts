/** A row of the icicle in the making: runs of equal entries as they come, those narrower than a pixel put together. */
import { entryFrames, type Kind, type Mark, type Window } from './ept';

/** A mark before it is known where it is drawn. */
export type Run = Omit<Mark, 'x0' | 'x1'>;

/** Entries beside each other of which the same is true. */
export interface Equal {
  readonly first: number;
  readonly entries: number;
  readonly kind: Exclude<Kind, 'mixed'>;
  /** null: some of them are. */
  readonly marked: boolean | null;
  readonly below: boolean;
  readonly touched: boolean;
  readonly type: number | null;
}

/** Pixels below which runs are put together. */
const LEAST = 1;

/** What is narrower than a pixel is put together until it is that wide, or something wider follows. */
export class Row {
  readonly #runs: Run[] = [];
  readonly #size: number;
  readonly #scale: number;
  /** The runs put together: how many, their width, and the sums over them. */
  #held = 0;
  #width = 0;
  #first: Equal | null = null;
  #entries = 0;
  #present: number | null = 0;
  #marked: number | null = 0;
  #filled = 0;
  #hatched = 0;
  #below = false;
  #touched = false;

  constructor(
    readonly level: number,
    window: Window,
    readonly from: number,
    readonly to: number,
  ) {
    this.#size = entryFrames(level);
    this.#scale = window.width / (window.to - window.from);
  }

  /** The next run of equal entries. */
  add(equal: Equal): void {
    const { first, entries } = equal;
    const end = first + entries * this.#size;
    const width = (Math.min(end, this.to) - Math.max(first, this.from)) * this.#scale;
    if (width >= LEAST) {
      this.#flush();
      this.#runs.push(runOf(equal, this.level));
    } else this.#hold(equal, width);
  }

  // There may be tens of thousands of these a picture: sums, not objects.
  #hold(equal: Equal, width: number): void {
    const { entries, kind, marked } = equal;
    this.#first ??= equal;
    this.#held++;
    this.#width += width;
    this.#entries += entries;
    if (kind === 'unread') this.#present = null;
    else if (kind !== 'empty' && this.#present !== null) this.#present += entries;
    if (marked === null) this.#marked = null;
    else if (marked && this.#marked !== null) this.#marked += entries;
    if (kind !== 'empty') this.#filled += entries;
    if (marked !== false) this.#hatched += entries;
    this.#below ||= equal.below;
    this.#touched ||= equal.touched;
    if (this.#width >= LEAST) this.#flush();
  }

  done(): readonly Run[] {
    this.#flush();
    return this.#runs;
  }

  #flush(): void {
    const first = this.#first;
    if (!first) return;
    const entries = this.#entries;
    const mixed: Run = {
      level: this.level,
      first: first.first,
      frames: entries * this.#size,
      entries,
      kind: 'mixed',
      present: this.#present,
      marked: this.#marked,
      filled: this.#filled / entries,
      hatched: this.#hatched / entries,
      below: this.#below,
      touched: this.#touched,
      type: null,
    };
    this.#runs.push(this.#held === 1 ? runOf(first, this.level) : mixed);
    this.#first = null;
    this.#held = this.#width = this.#entries = this.#present = this.#marked = this.#filled = this.#hatched = 0;
    this.#below = this.#touched = false;
  }
}

function runOf({ first, entries, kind, marked, below, touched, type }: Equal, level: number): Run {
  return {
    level,
    first,
    frames: entries * entryFrames(level),
    entries,
    kind,
    present: kind === 'unread' ? null : kind === 'empty' ? 0 : entries,
    marked: marked === null ? null : marked ? entries : 0,
    filled: kind === 'empty' ? 0 : 1,
    hatched: marked === false ? 0 : 1,
    below,
    touched,
    type,
  };
}
