/**
 * How a p2m type looks: hue by family, glyph by member. One table for canvas and legend. Glyphs are paths in a box of
 * 16 by 16, cut out of the fill in `--cut`, or drawn in `--edge` where there is no fill.
 */

export interface TypeLook {
  /** Custom property of the fill; null: the mark is an outline, there is nothing in it. */
  readonly fill: string | null;
  /** Custom property of the outline, and its width in px. */
  readonly outline: string | null;
  readonly width: number;
  readonly dashed: boolean;
  /** Path of the glyph, '' for none; custom property it is painted with. */
  readonly glyph: string;
  readonly ink: string;
}

const filled = (fill: string, glyph: string): TypeLook => ({
  fill,
  outline: null,
  width: 0,
  dashed: false,
  glyph,
  ink: '--cut',
});
const hollow = (outline: string, width: number, glyph = '', dashed = false): TypeLook => ({
  fill: null,
  outline,
  width,
  dashed,
  glyph,
  ink: outline,
});

const disc = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
/** The other way round, so that it is a hole in what lies round it. */
const hole = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`;
const RING = disc(8, 8, 5) + hole(8, 8, 2.8);
/** So many strokes at the foot: which of the numbered types it is. */
const tally = (bars: number): string =>
  Array.from({ length: bars }, (_, i) => `M${8.1 - 1.6 * bars + 3.2 * i} 11.6h3v3h-3z`).join('');

/** By type number, as in Xen's p2m_type_t. */
export const TYPE_LOOKS: readonly TypeLook[] = [
  { ...filled('--t-ram-rw', ''), outline: '--edge', width: 1 },
  hollow('--edge', 1, '', true),
  filled('--t-ram-logdirty', disc(4.6, 5.4, 1.9) + disc(11.4, 5.4, 1.9) + disc(8, 11.2, 1.9)),
  filled('--t-ram-ro', 'M3 6.4h10v3.2h-10z'),
  hollow('--t-mmio-dm', 3),
  filled('--t-mmio-direct', 'M4 3h2.8v10h-2.8zM9.2 3h2.8v10h-2.8z'),
  hollow('--edge', 1, 'M7 3.5h2v3.5h3.5v2h-3.5v3.5h-2v-3.5h-3.5v-2h3.5z'),
  filled('--t-grant', RING),
  filled('--t-grant', disc(8, 8, 5) + 'M4.6 7v2h6.8v-2z'),
  filled('--t-paging', 'M8 3.5L13 12H3z'),
  filled('--t-paging', 'M3.5 9.5h9v3h-9z'),
  filled('--t-paging', 'M8 12.5L3 4h10z'),
  filled('--t-ram-shared', 'M6.8 0h2.4v16h-2.4z'),
  filled('--ink', 'M3.2 4.8L4.8 3.2 8 6.4 11.2 3.2 12.8 4.8 9.6 8 12.8 11.2 11.2 12.8 8 9.6 4.8 12.8 3.2 11.2 6.4 8z'),
  filled('--t-grant', 'M4 4h8v8h-8zM6.2 6.2v3.6h3.6v-3.6z'),
  filled('--t-ioreq-server', 'M8 3L13 8L8 13L3 8z'),
  ...[1, 2, 3].map((bars) => filled('--t-ioreq-server', 'M8 1.5L12.5 6L8 10.5L3.5 6z' + tally(bars))),
];

export const IOREQ_SERVER = 15;
/** Numbers a cell has in the counts of a map, by type, and some to spare. As the engine's, see there. */
export const CELL_COUNTS = 20;
/** In place of a type: the p2m has no entry for the frame. */
export const NO_ENTRY = 255;

/** From top to bottom in a mixed cell: ram_rw is the ground that others stand on, type 15 always lies lowest. */
export const BAND_ORDER: readonly number[] = [0, 6, 1, 9, 10, 11, 13, 3, 2, 12, 14, 8, 7, 5, 4, 18, 17, 16, 15];
