/** Where the map, its enlargement and the legend lie in a pane of some size: beside each other, or stacked on a phone. */
import type { Rect } from './map';

export interface MemoryPlan {
  /** Stacked: labels above and below instead of beside. */
  readonly narrow: boolean;
  /** Whether the gfn of the enlarged frames stand left of them, or in a line below. */
  readonly aside: boolean;
  readonly map: Rect;
  readonly block: Rect;
  readonly legend: { readonly x: number; readonly y: number; readonly w: number };
  /** Height that the plan needs at least. */
  readonly height: number;
}

const FRAMES_A_ROW = 32;
const LEAST_MAP = 120;
const LEAST_LEGEND = 150;
const AXIS = 60;

export function memoryPlan(width: number, height: number, legendHeight: number, touch: boolean): MemoryPlan {
  return touch && width < 480 ? stacked(width, height, legendHeight) : beside(width, height, legendHeight);
}

function beside(width: number, height: number, legendHeight: number): MemoryPlan {
  const top = 7;
  const gap = 26;
  const plot = Math.max(160, width - AXIS - 1);
  const snug = Math.min(512, Math.floor((plot * 0.52) / FRAMES_A_ROW) * FRAMES_A_ROW);
  // Too narrow for labels, frames and legend in a row: the labels go below.
  const space = plot < 340 ? 14 : 22;
  const aside = snug >= 128 && plot - snug - space >= LEAST_LEGEND;
  const w = aside ? snug : Math.max(96, Math.floor((width - 14 - LEAST_LEGEND) / FRAMES_A_ROW) * FRAMES_A_ROW);
  const x = aside ? AXIS : 1;
  const h = w / 2;
  const foot = Math.max(h + (aside ? 8 : 26), legendHeight);
  const mapHeight = Math.max(LEAST_MAP, Math.floor(height - top - gap - foot));
  const blockY = top + mapHeight + gap;
  const legendX = x + w + (aside ? space : 13);
  return {
    narrow: false,
    aside,
    map: { x: AXIS, y: top, w: plot, h: mapHeight },
    block: { x, y: blockY, w, h },
    // Not higher: there the callout passes.
    legend: { x: legendX, y: blockY, w: Math.min(220, AXIS + plot - legendX) },
    height: top + LEAST_MAP + gap + foot,
  };
}

function stacked(width: number, height: number, legendHeight: number): MemoryPlan {
  const top = 22;
  const gap = 36;
  const h = Math.floor(width / 2);
  const line = 32;
  const rest = top + gap + h + line + legendHeight;
  const mapHeight = Math.min(Math.max(LEAST_MAP, Math.floor(height - rest)), 320);
  const blockY = top + mapHeight + gap;
  return {
    narrow: true,
    aside: false,
    map: { x: 0, y: top, w: width, h: mapHeight },
    block: { x: 0, y: blockY, w: width, h },
    legend: { x: 0, y: blockY + h + line, w: width },
    height: rest + LEAST_MAP,
  };
}
