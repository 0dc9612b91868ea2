/** The page's colours as the palette of the map. */
import { parseColour } from '../../layout/colour';
import { MOST_BINS } from '../../layout/heat';
import { mixed, pack, type Rgba } from '../../layout/map-raster';
import type { Palette, TypeInk } from '../../layout/map-scene';
import { TYPE_LOOKS } from '../../layout/types';
import { PageColours } from '../page-colours.svelte';

const GREY: Rgba = [136, 136, 136, 255];
/** How much of a type's colour is left where this step changed nothing; the least ink of the heat. */
const QUIET = 0.3;
const LEAST_HEAT = 0.4;

/** Share of ink of a bin of the heat, 1 first. */
export const heatInk = (bin: number): number => LEAST_HEAT + ((1 - LEAST_HEAT) * (bin - 1)) / (MOST_BINS - 1);

export class Colours extends PageColours {
  readonly palette: Palette = $derived.by(() => {
    const rgba = (name: string): Rgba => numbers(this.of(name));
    const paper = rgba('--paper');
    const ink = rgba('--ink');
    const types = (part: number): TypeInk[] =>
      TYPE_LOOKS.map(({ fill, outline, width, dashed }) => ({
        fill: fill === null ? null : pack(mixed(rgba(fill), paper, part)),
        outline: pack(mixed(rgba(outline ?? '--edge'), paper, part)),
        width,
        dashed,
      }));
    const line = (name: string): { colour: number; alpha: number } => {
      const [r, g, b, a] = rgba(name);
      return { colour: pack([r, g, b, 255]), alpha: a / 255 };
    };
    const bins = Array.from({ length: MOST_BINS }, (_, i) => pack(mixed(ink, paper, heatInk(i + 1))));
    return {
      paper: pack(paper),
      edge: pack(rgba('--edge')),
      ink: pack(ink),
      cut: pack(rgba('--cut')),
      high: line('--hatch-high'),
      low: line('--hatch-low'),
      types: types(1),
      quiet: types(QUIET),
      heat: [pack(rgba('--raised')), ...bins],
    };
  });
}

/** System colours, as under forced colours, have names: what they are the canvas knows. */
function numbers(text: string): Rgba {
  const known = parseColour(text);
  if (known) return known;
  const ctx = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!ctx) return GREY;
  ctx.fillStyle = text;
  ctx.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = ctx.getImageData(0, 0, 1, 1).data;
  return [r, g, b, 255];
}
