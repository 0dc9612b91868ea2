/**
 * Where the map, its controls, the enlarged block and the legend lie in a pane of some size. `beside`: block and legend side
 * by side below the map; `wide`: the block as a strip as wide as the map, with room for what it was before; `stacked`: one
 * under the other, labels above, as on a phone; `small`: no room but for the map, its controls and perhaps the legend.
 */
import type { Rect } from './map';

export interface MemoryPlan {
  readonly kind: 'beside' | 'wide' | 'stacked' | 'small';
  /** Stacked: labels above and below instead of beside. */
  readonly narrow: boolean;
  /** Whether the gfn of the enlarged frames stand left of them, or in a line below. */
  readonly aside: boolean;
  readonly map: Rect;
  /** The controls of the map. `quiet`: they lie over the lines from map to block, and are drawn only while they are used. */
  readonly bar: Rect;
  readonly quiet: boolean;
  /** Enlarged frames and how many stand in a row; null: no room. */
  readonly block: Rect | null;
  readonly blockCols: number;
  /** Line above the block that says what it is, and the block as it was before this step. */
  readonly heading: { readonly y: number } | null;
  readonly before: Rect | null;
  /** null: no room. `columns`: types a line. */
  readonly legend: { readonly x: number; readonly y: number; readonly w: number; readonly columns: number } | null;
  /** Where what can be done with a range is listed, over what lies there else. */
  readonly panel: Rect;
  /** Height that the plan needs at least. */
  readonly height: number;
}

const FRAMES_A_ROW = 32;
const LEAST_MAP = 120;
const LEAST_LEGEND = 150;
/** Room of the labels beside the map, at least; of a digit in them; and what is left and right of them. */
const AXIS = 60;
const DIGIT = 7.2;
const BESIDE = 9;
const TOP = 7;
/** The controls, and the room round them. */
export const BAR = 24;
const GAP = 6 + BAR + 6;
/** Room of the lines from the map to the block. */
const LINES = 24;

/** Stacked parts scroll where they do not fit, but not in a pane that is a strip. */
const LEAST_STACK = 260;

/** From this size on there is a strip with before and after. */
const WIDE = { w: 620, h: 430 };
/** Height of the legend of a guest with few types, in columns. */
const LEGEND = 45;
const STRIP = { heading: 24, foot: 18, before: 52, columns: 64, rows: 8 };

/** `frames`: of the guest, for the labels; `touch`: there is no pointer that hovers. */
export function memoryPlan(
  width: number,
  height: number,
  legendHeight: number,
  touch: boolean,
  frames = 0,
): MemoryPlan {
  const axis = Math.max(AXIS, Math.ceil(DIGIT * (2 + Math.max(0, frames - 1).toString(16).length)) + BESIDE);
  if (touch && width < 480 && height >= LEAST_STACK) return stacked(width, height, legendHeight);
  if (width >= WIDE.w && height >= WIDE.h) return wide(width, height, legendHeight, axis);
  const plan = beside(width, height, legendHeight, axis, touch);
  return plan.height <= height + 1 ? plan : small(width, height, axis);
}

function beside(width: number, height: number, legendHeight: number, axis: number, touch: boolean): MemoryPlan {
  const plot = Math.max(160, width - axis - 1);
  const snug = Math.min(512, Math.floor((plot * 0.52) / FRAMES_A_ROW) * FRAMES_A_ROW);
  // Too narrow for labels, frames and legend in a row: the labels go below.
  const space = plot < 340 ? 14 : 22;
  const aside = snug >= 128 && plot - snug - space >= LEAST_LEGEND;
  const w = aside ? snug : Math.max(96, Math.floor((width - 14 - LEAST_LEGEND) / FRAMES_A_ROW) * FRAMES_A_ROW);
  const x = aside ? axis : 1;
  const h = w / 2;
  const foot = Math.max(h + (aside ? 8 : 26), legendHeight);
  // Controls that are always drawn lie above the map, so that nothing is between it and the block.
  const top = touch ? TOP + BAR + 6 : TOP;
  const gap = touch ? LINES : LINES + 4;
  const mapHeight = Math.max(LEAST_MAP, Math.floor(height - top - gap - foot));
  const y = top + mapHeight + gap;
  const legendX = x + w + (aside ? space : 13);
  return {
    kind: 'beside',
    narrow: false,
    aside,
    map: { x: axis, y: top, w: plot, h: mapHeight },
    bar: { x: 0, y: touch ? 0 : top + mapHeight + 2, w: axis + plot, h: BAR },
    quiet: !touch,
    block: { x, y, w, h },
    blockCols: FRAMES_A_ROW,
    heading: null,
    before: null,
    // Not higher: there the callout passes.
    legend: { x: legendX, y, w: Math.min(220, axis + plot - legendX), columns: 1 },
    panel: { x: 0, y, w: axis + plot, h: Math.max(foot, height - y) },
    height: top + LEAST_MAP + gap + foot,
  };
}

function wide(width: number, height: number, legendHeight: number, axis: number): MemoryPlan {
  const plot = width - axis - 1;
  const h = Math.min(120, Math.max(64, Math.floor(plot / STRIP.columns) * STRIP.rows));
  const strip = STRIP.heading + h + STRIP.foot;
  // Whatever the legend tells, the map stays as it is.
  const legendRoom = Math.max(LEGEND, legendHeight);
  const rest = TOP + GAP + strip + 8 + legendRoom;
  const mapHeight = Math.max(LEAST_MAP, Math.floor(height - rest));
  const y = TOP + mapHeight + GAP;
  const block = { x: axis, y: y + STRIP.heading, w: plot, h };
  return {
    kind: 'wide',
    narrow: false,
    aside: true,
    map: { x: axis, y: TOP, w: plot, h: mapHeight },
    bar: { x: 0, y: TOP + mapHeight + 6, w: axis + plot, h: BAR },
    quiet: false,
    block,
    blockCols: STRIP.columns,
    heading: { y },
    before: { x: 0, y: block.y, w: STRIP.before, h },
    legend: { x: 0, y: y + strip + 8, w: axis + plot, columns: Math.max(2, Math.floor((axis + plot) / 170)) },
    panel: { x: 0, y, w: axis + plot, h: Math.max(strip + 8 + legendRoom, height - y) },
    height: rest + LEAST_MAP,
  };
}

function stacked(width: number, height: number, legendHeight: number): MemoryPlan {
  const top = BAR + 6 + 22;
  const gap = LINES;
  const h = Math.floor(width / 2);
  // Two lines of text.
  const line = 44;
  const rest = top + gap + h + line + legendHeight;
  const mapHeight = Math.min(Math.max(LEAST_MAP, Math.floor(height - rest)), 320);
  const y = top + mapHeight + gap;
  return {
    kind: 'stacked',
    narrow: true,
    aside: false,
    map: { x: 0, y: top, w: width, h: mapHeight },
    bar: { x: 0, y: 0, w: width, h: BAR },
    quiet: false,
    block: { x: 0, y, w: width, h },
    blockCols: FRAMES_A_ROW,
    heading: null,
    before: null,
    legend: { x: 0, y: y + h + line, w: width, columns: 2 },
    panel: { x: 0, y, w: width, h: Math.max(h + line + legendHeight, height - y) },
    height: rest + LEAST_MAP,
  };
}

function small(width: number, height: number, axis: number): MemoryPlan {
  const legendWidth = width - axis >= 200 + LEAST_LEGEND + 22 ? LEAST_LEGEND : 0;
  const plot = Math.max(100, width - axis - 1 - (legendWidth ? legendWidth + 22 : 0));
  const mapHeight = Math.max(40, Math.floor(height - TOP - 6 - BAR - 2));
  const bar = { x: 0, y: TOP + mapHeight + 6, w: axis + plot, h: BAR };
  const legend = legendWidth ? { x: axis + plot + 22, y: 0, w: legendWidth, columns: 1 } : null;
  return {
    kind: 'small',
    narrow: false,
    aside: false,
    map: { x: axis, y: TOP, w: plot, h: mapHeight },
    bar,
    quiet: false,
    block: null,
    blockCols: FRAMES_A_ROW,
    heading: null,
    before: null,
    legend,
    panel: legend
      ? { x: legend.x, y: 0, w: legend.w, h: bar.y + BAR }
      : { x: 0, y: Math.floor(bar.y * 0.4), w: axis + plot, h: Math.ceil(bar.y * 0.6) - 2 },
    height: 0,
  };
}
