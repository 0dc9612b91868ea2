/**
 * Where the pages lie that a point of a sweep has trapped. They are the tables of one PPGTT, none beside another, so that each is a
 * range of its own: in every second frame, or spread over all of the guest's RAM. More pages than a guest's tables go to are
 * protected as dom0 would by hand, in one piece, where a design is nothing more than the type.
 */
import { MIB, PAGE_SIZE } from '../../engine/config';

/** XenGT's shadow has room for so many. */
export const MOST_TABLES = 8192;
/** Where pages can be protected by hand there are not more tables than this: one page costs what another does. */
export const ENOUGH_TABLES = 1024;
const ENTRIES = 512;

/** Frame that is never watched. */
export const PLAIN_FRAME = 0x200;
/** First frame of a page of a server beside XenGT's. */
const OTHERS = 0x300;
const TABLES = 0x400;
const HOLE = 0xf0000;
const HOLE_END = 0x100000;
/** Frames whose type one hypercall may change. */
const AT_ONCE = 65_536;

/** Frame number `n` of RAM, from where it has no hole but that of PCI; and the number of a frame. */
const ram = (n: number): number => (n < HOLE ? n : n + HOLE_END - HOLE);
const ramNumber = (gfn: number): number => (gfn < HOLE ? gfn : gfn < HOLE_END ? -1 : gfn - (HOLE_END - HOLE));

export interface Pages {
  readonly tables: number;
  /** Frames from one table to the next. */
  readonly stride: number;
  /** Protected by hand. */
  readonly more: number;
}

/**
 * How so many pages are come by, of a guest of `memory` bytes over which they are to be spread, or null: low and close together.
 * null: there is no room for so many tables.
 */
export function pagesOf(pages: number, byHand: boolean, memory: number | null): Pages | null {
  const spread = memory !== null;
  const tables = Math.min(pages, byHand && !spread ? ENOUGH_TABLES : pages);
  if (tables > MOST_TABLES) return null;
  const room = spread ? Math.floor((memory / PAGE_SIZE - TABLES) / tables) : 2;
  return { tables, stride: Math.max(2, room - (room % 2)), more: pages - tables };
}

export const otherFrame = (server: number): number => OTHERS + 2 * server;
export const tableFrame = ({ stride }: Pages, i: number): number => ram(TABLES + stride * i);

/** First frame behind the tables, at the start of a 2 MiB block. */
const behind = ({ tables, stride }: Pages): number => Math.ceil((TABLES + stride * tables) / ENTRIES) * ENTRIES;

/** Frame of page `i`. */
export const frameOf = (pages: Pages, i: number): number =>
  i < pages.tables ? tableFrame(pages, i) : ram(behind(pages) + i - pages.tables);

/** Whether frame `gfn` is one of the pages. */
export function isPage(pages: Pages, gfn: number): boolean {
  const { tables, stride, more } = pages;
  const at = ramNumber(gfn) - TABLES;
  if (at >= 0 && at < stride * tables) return at % stride === 0;
  const i = ramNumber(gfn) - behind(pages);
  return i >= 0 && i < more;
}

/** The pages that are protected by hand, as hypercalls take them. */
export function runsOf(pages: Pages): { readonly gfn: number; readonly frames: number }[] {
  const runs: { gfn: number; frames: number }[] = [];
  const first = behind(pages);
  for (let i = 0; i < pages.more;) {
    const gfn = ram(first + i);
    const frames = Math.min(AT_ONCE, pages.more - i, gfn < HOLE ? HOLE - gfn : AT_ONCE);
    runs.push({ gfn, frames });
    i += frames;
  }
  return runs;
}

/** Bytes of RAM that a guest needs for them, whole MiB. */
export function memoryFor(pages: Pages): number {
  const { tables, more } = pages;
  const frames = Math.max(TABLES + 2 * tables, more > 0 ? behind(pages) + more : 0);
  return Math.max(16, Math.ceil((frames * PAGE_SIZE) / MIB)) * MIB;
}

/** An entry of a table: entry `slot` of table `parent` leads to table `child`. */
export interface Link {
  readonly parent: number;
  readonly slot: number;
  readonly child: number;
}

/**
 * A tree of exactly so many tables by its entries: 0 is the PML4, then a PDP, then as many PDs as it takes, then leaf tables. The
 * last entry of each table stays empty.
 */
export function treeOf(tables: number): Link[] {
  if (tables < 2) return [];
  const below = tables - 2;
  const fan = ENTRIES - 1;
  const pds = Math.ceil(below / (fan + 1));
  const links: Link[] = [{ parent: 0, slot: 0, child: 1 }];
  for (let i = 0; i < pds; i++) links.push({ parent: 1, slot: i, child: 2 + i });
  for (let i = 0; i < below - pds; i++)
    links.push({ parent: 2 + Math.floor(i / fan), slot: i % fan, child: 2 + pds + i });
  return links;
}
