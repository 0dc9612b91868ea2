/** All that a drawing of guest memory is made of: where, on what ground, from which numbers, in which colours. */
import type { Grid, Look } from './map';

/** What the map's colours tell: one choice at a time. */
export const GROUNDS = ['stored', 'effective', 'heat', 'changed'] as const;
export type Ground = (typeof GROUNDS)[number];

/** The 512 frames of one cell. */
export interface CellFrames {
  readonly types: Uint8Array;
  readonly effective: Uint8Array;
  readonly orders: Uint8Array;
  readonly pending: Uint8Array;
  /** null: this step wrote none of their entries. */
  readonly touched: Uint8Array | null;
}

/** How a type is painted; colours as of map-raster.ts, null: hollow. */
export interface TypeInk {
  readonly fill: number | null;
  readonly outline: number;
  /** Width of the outline, CSS pixels. */
  readonly width: number;
  readonly dashed: boolean;
}

export interface Palette {
  readonly paper: number;
  readonly edge: number;
  readonly ink: number;
  readonly cut: number;
  /** Lines over plain RAM where the mark is high or low in the tables: colour, and how much of it. */
  readonly high: { readonly colour: number; readonly alpha: number };
  readonly low: { readonly colour: number; readonly alpha: number };
  /** By type number: as it is, and quiet, for what this step did not change. */
  readonly types: readonly TypeInk[];
  readonly quiet: readonly TypeInk[];
  /** By bin of the heat, 0: none. */
  readonly heat: readonly number[];
}

/** Bins of the intercepted writes: of some cells of a row, and of a frame. */
export interface Heat {
  /** Writes by cell of the guest, to see where they changed. */
  readonly counts: Uint32Array;
  readonly cells: (first: number, end: number) => number;
  readonly frame: (gfn: number) => number;
}

export interface MapScene {
  readonly grid: Grid;
  readonly look: Look;
  /** Frames a mark. */
  readonly unit: number;
  readonly dpr: number;
  /** Number of the grid's first cell: where only one cell is drawn, it is not the guest's first. */
  readonly first: number;
  readonly ground: Ground;
  /** Whether what waits for its recalculation is hatched. */
  readonly hatched: boolean;
  /** By cell of the guest: counts by type, the one type it is of (bands.ts: pureType), its signs (map-marks.ts). */
  readonly counts: Uint16Array;
  readonly pure: Int8Array;
  readonly signs: Uint8Array;
  /** null: nobody asked. */
  readonly heat: Heat | null;
  readonly palette: Palette;
  readonly frames: (cell: number) => CellFrames | null;
}
