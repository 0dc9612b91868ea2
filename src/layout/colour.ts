/** A colour as CSS writes it, as numbers. */
import type { Rgba } from './map-raster';

/** `#rgb`, `#rrggbb`, `rgb(r g b / a)` or `rgba(r, g, b, a)`; null: written in another way. */
export function parseColour(text: string): Rgba | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (hex) {
    const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit) : hex.match(/../g)!;
    return [parseInt(digits[0]!, 16), parseInt(digits[1]!, 16), parseInt(digits[2]!, 16), 255];
  }
  const inside = /^rgba?\(([^)]*)\)$/i.exec(text.trim())?.[1];
  if (!inside) return null;
  const parts = inside.split(/[\s,/]+/).filter(Boolean);
  const [r, g, b, a = 1] = parts.map((part) => (part.endsWith('%') ? parseFloat(part) / 100 : Number(part)));
  if (parts.length < 3 || [r, g, b, a].some((n) => !Number.isFinite(n))) return null;
  return [r!, g!, b!, Math.round(a * 255)];
}
