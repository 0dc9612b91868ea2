/**
 * What is so on one side: table pages and which of them are watched, ranges, the claim, the census. Noted where it changes, so that
 * it can be told for any step.
 */
import { P2M_TYPE_COUNT } from '../../engine/p2m-type';
import type { AnyEvent, EventCode } from '../../engine/trace';
import type { World } from '../../engine/world';
import { tableFrame } from '../../engine/xengt/driver';
import { isWatched } from './follow';

/** What a table page is on one side. */
export const PAGE = { none: 0, plain: 1, watched: 2 } as const;

export interface TwinState {
  /** Step from which on it is so. */
  readonly step: number;
  /** Pages that are another thing than in the state before, each as four times its number plus one of PAGE. */
  readonly pages: readonly number[];
  /** Memory ranges of XenGT's server, and those of them that it had for its device; null: it has no server. */
  readonly ranges: number | null;
  readonly device: number;
  /** Pages on a list of another kind; null: there is none. */
  readonly listed: number | null;
  /** Id of the holder of the claim, 0 nobody; null: there is no such thing. */
  readonly holder: number | null;
  readonly xengt: boolean;
  /** Entries of the types that can be claimed. */
  readonly entries: number;
  /** Frames by type. */
  readonly census: readonly number[];
}

/** Frames that hold tables, in the order in which they first did so in any run. */
export class Pages {
  readonly frames: number[] = [];
  readonly #numbers = new Map<number, number>();

  /** Number of a frame; undefined: it holds none yet. */
  known(gfn: number): number | undefined {
    return this.#numbers.get(gfn);
  }
  number(gfn: number): number {
    const known = this.#numbers.get(gfn);
    if (known !== undefined) return known;
    this.#numbers.set(gfn, this.frames.length);
    return this.frames.push(gfn) - 1;
  }
}

/** States that are kept of one run; more changes than these are told by the last of them. */
const MOST_STATES = 5000;

/** Events that may change it, of one frame or of many. */
const ONE: ReadonlySet<EventCode> = new Set<EventCode>([
  'dm.protect',
  'dm.unprotect',
  'dm.outOfSync',
  'fault.resolved',
  'fault.ram',
  'call.addPage',
  'call.removePage',
  'call.paging',
  'call.sharing',
]);
const MANY: ReadonlySet<EventCode> = new Set<EventCode>([
  'dm.create',
  'dm.enable',
  'dm.claim',
  'dm.release',
  'dm.mark',
  'dm.killed',
  'dm.mapRange',
  'dm.unmapRange',
  'call.claim',
  'call.release',
  'call.destroy',
  'call.create',
  'call.mapRange',
  'call.unmapRange',
  'call.setMemType',
  'toolstack.balloon',
  'toolstack.logDirty',
]);
/** Of these only the numbers can change. */
const NUMBERS: ReadonlySet<EventCode> = new Set<EventCode>(['dm.mapRange', 'dm.unmapRange', 'dm.enable', 'dm.create']);

export class States {
  readonly list: TwinState[] = [];
  readonly #pages: Pages;
  /** By number of the page, one of PAGE. */
  readonly #is: number[] = [];
  #made = 0;
  #device = 0;
  #enabled = false;

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  /** Takes in a step. `kept`: as a state of its own; else only the last state is kept. */
  see(events: readonly AnyEvent[], w: World, kept: boolean): void {
    const changed: number[] = [];
    let told = this.list.length === 0;
    while (this.#made < w.driver.made) {
      this.#look(tableFrame(w.config, this.#made++), w, changed);
      told = true;
    }
    for (const event of events) {
      const { code } = event;
      if (ONE.has(code)) {
        const { gfn } = event.params as { gfn: number };
        if (event.code === 'dm.protect' && event.errno === undefined) this.#pages.number(gfn);
        if (this.#pages.known(gfn) !== undefined) this.#look(gfn, w, changed);
        told = true;
      } else if (MANY.has(code) || (event.code === 'dm.sweep' && event.params.settled > 0)) {
        if (!NUMBERS.has(code)) this.#is.forEach((is, n) => is > 0 && this.#look(this.#pages.frames[n]!, w, changed));
        told = true;
      }
    }
    if (told) this.#note(w, changed, kept);
  }

  #look(gfn: number, w: World, changed: number[]): void {
    const n = this.#pages.number(gfn);
    const is = isWatched(w, gfn) ? PAGE.watched : PAGE.plain;
    if (this.#is[n] === is) return;
    this.#is[n] = is;
    changed.push(n * 4 + is);
  }

  #note(w: World, changed: readonly number[], kept: boolean): void {
    const now = { step: w.steps, ...this.#numbers(w) };
    const first = this.list[0];
    if (first && kept && this.list.length < MOST_STATES) {
      this.list.push({ ...now, pages: changed });
      return;
    }
    // It takes the place of the one before.
    const before = this.list.pop();
    const pages = this.list.length === 0 ? this.#all() : [...(before?.pages ?? []), ...changed];
    this.list.push({ ...now, pages });
  }

  #all(): number[] {
    return this.#is.flatMap((is, n) => (is > 0 ? [n * 4 + is] : []));
  }

  #numbers(w: World): Omit<TwinState, 'step' | 'pages'> {
    const { xengt, p2m, servers, design, census, xen } = w;
    const info = servers.list().find(({ id }) => id === xengt.server && xengt.server !== 0);
    const ranges = info ? (servers.ranges(info.id, 'memory')?.count ?? 0) : null;
    if (!info) this.#enabled = false;
    else if (!this.#enabled) {
      this.#device = ranges ?? 0;
      this.#enabled = info.enabled;
    }
    const registry = design.registry(xen);
    const claims = design.claims && xen.claim;
    const holder = claims ? (p2m.claimHolder ?? 0) : null;
    return {
      ranges,
      device: this.#device,
      listed: registry && registry.name !== 'memory' && xengt.server !== 0 ? registry.count(w, xengt.server) : null,
      holder,
      xengt: holder !== null && holder !== 0 && holder === xengt.server,
      entries: p2m.serverTypes.reduce<number>((sum, type) => sum + census.total(type), 0),
      census: Array.from({ length: P2M_TYPE_COUNT }, (_, type) => census.total(type)),
    };
  }
}
