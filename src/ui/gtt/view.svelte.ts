/** What the view of the GPU page tables looks at, and what choosing a table, an entry or an address does to the session. */
import { columns, planGtt, ROOMY, rowsRound, type Columns, type GttPlan, type Mode } from '../../layout/gtt-plan';
import { typedGma } from '../../layout/gtt-address';
import { litTables, shadowed, stack, type Slab } from '../../layout/gtt';
import { CELL } from '../../layout/map';
import { CELL_COUNTS, IOREQ_SERVER } from '../../layout/types';
import type { Session } from '../../state/session.svelte';
import { DIFFERENCES, GTT, partSaid, readsSaid, ROWS, typedWrong, whySaid } from '../../words/gtt';
import {
  NO_GTT,
  type GttDifference,
  type GttPicture,
  type GttRow,
  type GttTable,
  type GttWalkStep,
} from '../../worker/protocol';

/** Room below the bars, pixels. */
const BOTTOM = 2;
export const TOP = 24;

export class GttView {
  width = $state(0);
  height = $state(0);
  /** List that is shown where there is room for one. */
  mode = $state<Mode>('entries');
  /** What is typed in the box for an address, and what is wrong with it. */
  text = $state('');
  wrong = $state('');
  /** What came of the address that was typed last, for the reader. */
  said = $state('');
  /** How far the list of differences is scrolled, pixels. */
  scrolled = $state(0);

  readonly gtt: GttPicture = $derived.by(() => this.session.picture?.gtt ?? NO_GTT);
  readonly any: boolean = $derived.by(() => this.gtt.tables.length > 0);
  readonly plan: GttPlan = $derived.by(() => planGtt(this.width, this.height, this.mode, this.gtt.differing));
  readonly cols: Columns = $derived.by(() =>
    columns(this.plan.tree.w, this.plan.arrangement === 'below' ? null : this.plan.middle.from),
  );
  readonly lit: ReadonlySet<number> = $derived.by(() => litTables(this.gtt.path, this.gtt.table, this.gtt.selected));
  readonly slabs: readonly Slab[] = $derived.by(() =>
    stack(this.gtt.tables, this.lit, TOP, this.plan.tree.h - TOP - BOTTOM),
  );
  /** Steps of the path that the shadow takes too. */
  readonly shared: number = $derived.by(() => shadowed(this.gtt.tables, this.gtt.path, this.gtt.walk?.steps ?? []));
  readonly table: GttTable | undefined = $derived.by(() => this.gtt.tables[this.gtt.table]);
  readonly entries: readonly GttRow[] = $derived.by(() =>
    rowsRound(this.gtt.rows, this.gtt.slot, this.plan.entries.rows),
  );
  /** Rows between the trees have room to say why. */
  readonly roomy: boolean = $derived.by(
    () => this.plan.arrangement !== 'below' && this.plan.middle.to - this.plan.middle.from >= ROOMY,
  );
  /** The one list, where there is room for one. */
  readonly list: Mode = $derived.by(() => (this.plan.tiny ? 'entries' : this.mode));
  /** Said below the list of differences, or beside its name: why the one in focus differs, where rows cannot; what is left out. */
  readonly foot: readonly string[] = $derived.by(() => {
    const { differences, differing, table, slot } = this.gtt;
    const row = differences.find(({ at, index }) => at === table && index === slot) ?? differences[0];
    const why = this.roomy || !row ? [] : [`${ROWS.at(row.level, row.index)}: ${whySaid(row)}`];
    return differing > differences.length ? [...why, DIFFERENCES.more(differing - differences.length)] : why;
  });
  /** Rows of differences that are in sight at once. */
  readonly differenceRows: number = $derived.by(() => {
    const { arrangement, differences } = this.plan;
    return arrangement === 'all' ? differences.rows : Math.max(1, differences.rows - this.foot.length);
  });
  /** XenGT should follow this PPGTT and follows none of it. */
  readonly neglected: boolean = $derived.by(
    () => this.gtt.known && !this.gtt.followed && this.session.picture?.inFlight === false,
  );
  /** Entries that differ, beside the one in focus. */
  readonly others: number = $derived.by(() => {
    const row = this.gtt.rows.find(({ index }) => index === this.gtt.slot);
    return this.gtt.differing - (row?.why && this.table && this.table.shadow !== null ? 1 : 0);
  });
  readonly following: boolean = $derived.by(() => this.session.view.gma === null && this.gtt.selected < 0);

  readonly #session: () => Session;
  get session(): Session {
    return this.#session();
  }

  constructor(session: () => Session) {
    this.#session = session;
  }

  /** Tables of each level that are drawn, by level. */
  readonly #shown: readonly number[] = $derived.by(() => {
    const shown = [0, 0, 0, 0];
    for (const { level } of this.gtt.tables) shown[level]! += 1;
    return shown;
  });
  shownOf(level: number): number {
    return this.#shown[level] ?? 0;
  }
  /** Levels of which some tables are left out. */
  readonly left: readonly number[] = $derived.by(() =>
    [3, 2, 1, 0].filter((level) => (this.gtt.counts[level] ?? 0) > this.shownOf(level)),
  );
  drawn(level: number): string {
    return GTT.drawn(this.shownOf(level), this.gtt.counts[level] ?? 0, level);
  }

  shows(mode: Mode): boolean {
    return this.plan.arrangement === 'all' || this.list === mode;
  }

  /** Whether the frame of a guest table is of type 15: from the frames at hand; else a cell without one of that type answers. */
  trapped(table: GttTable): boolean {
    const frames = this.session.picture?.frames;
    const at = frames ? table.gfn - frames.first : -1;
    if (frames && at >= 0 && at < frames.types.length) return frames.types[at] === IOREQ_SERVER;
    void this.session.cellsVersion;
    const cell = Math.floor(table.gfn / CELL) * CELL_COUNTS;
    return table.shadow !== null && this.session.cells[cell + IOREQ_SERVER] !== 0;
  }

  /** The step is about this entry of the table in focus. */
  isNow(index: number): boolean {
    const focus = this.session.picture?.focus;
    return focus !== null && focus?.index === index && focus.gfn === this.table?.gfn;
  }

  /** Table `at` comes into focus; a walk that goes through it stays. */
  chooseTable(at: number): void {
    const table = this.gtt.tables[at];
    if (!table) return;
    const onWay = this.gtt.path.some((step) => step.table === at);
    this.#look(table.gfn, onWay ? this.session.view.gma : null);
  }
  /** An entry of table `at` comes into focus, and the address that it maps is walked. */
  chooseEntry(at: number, index: number): void {
    const table = this.gtt.tables[at];
    if (table) this.#look(table.gfn, table.gma + index * 4096 * 512 ** table.level);
  }
  chooseDifference({ table, gma }: GttDifference): void {
    this.#look(table, gma);
  }
  /** The table of a step of the walk comes into focus, and the walk stays. */
  chooseStep({ guest }: GttWalkStep): void {
    if (guest) this.#look(guest.table, this.gtt.gma);
  }
  follow(): void {
    this.text = this.wrong = '';
    void this.session.look(this.gtt.selected >= 0 ? { gma: null, gfn: null } : { gma: null });
  }
  /** Walks what is typed. Nothing typed: follows again. What cannot be an address stays in the box, and is said. */
  walk(): void {
    const typed = typedGma(this.text);
    this.wrong = '';
    if (typed === null) return this.follow();
    if ('wrong' in typed) {
      this.wrong = typedWrong(typed.wrong, 'what' in typed ? typed.what : '');
      return;
    }
    this.mode = 'walk';
    const { gma } = typed;
    void this.session.look(this.gtt.selected >= 0 ? { gma, gfn: null } : { gma }).then(() => {
      const { walk, known } = this.gtt;
      if (walk?.gma === gma) this.said = `${GTT.address(gma)}. ${partSaid(walk, known)} ${readsSaid(walk)}`;
    });
  }

  point(gfn: number | null): void {
    this.session.pointed = gfn;
  }

  #look(gfn: number, gma: number | null): void {
    void this.session.look({ gfn, gma });
  }
}
