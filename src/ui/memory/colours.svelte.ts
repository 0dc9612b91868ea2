/** Custom properties as colours for a canvas, read once a change of theme: by name, and as the palette of the map. */
import { parseColour } from '../../layout/colour';
import { MOST_BINS } from '../../layout/heat';
import { mixed, pack, type Rgba } from '../../layout/map-raster';
import type { Palette, TypeInk } from '../../layout/map-scene';
import { TYPE_LOOKS, TYPE_PROPERTIES } from '../../layout/types';

const NAMES = [...TYPE_PROPERTIES, '--paper', '--raised', '--ink', '--edge', '--cut', '--hatch-high', '--hatch-low'];
const GREY: Rgba = [136, 136, 136, 255];
/** How much of a type's colour is left where this step changed nothing; the least ink of the heat. */
const QUIET = 0.3;
const LEAST_HEAT = 0.4;

/** Share of ink of a bin of the heat, 1 first. */
export const heatInk = (bin: number): number => LEAST_HEAT + ((1 - LEAST_HEAT) * (bin - 1)) / (MOST_BINS - 1);

export class Colours {
  #values = $state.raw<Readonly<Record<string, string>>>({});

  constructor() {
    $effect(() => {
      const read = (): void => {
        const style = getComputedStyle(document.documentElement);
        this.#values = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(name).trim()]));
      };
      read();
      const watch = new MutationObserver(read);
      watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
      const media = ['(prefers-color-scheme: dark)', '(forced-colors: active)', 'print'].map((q) => matchMedia(q));
      for (const query of media) query.addEventListener('change', read);
      return () => {
        watch.disconnect();
        for (const query of media) query.removeEventListener('change', read);
      };
    });
  }

  /** A function of the name that stays the same until the theme changes. */
  readonly of = $derived.by(() => {
    const values = this.#values;
    return (name: string): string => values[name] || '#888';
  });

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
