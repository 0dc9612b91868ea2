/** Width of a label in pixels as the browser sets it; an estimate where there is no canvas. */
const known = new Map<string, number>();
let ctx: CanvasRenderingContext2D | null | undefined;

export function textWidth(text: string, font: string): number {
  const key = `${font}|${text}`;
  let width = known.get(key);
  if (width === undefined) {
    ctx ??= document.createElement('canvas').getContext('2d');
    if (ctx) ctx.font = font;
    width = Math.ceil(ctx?.measureText(text).width || text.length * 7);
    if (known.size > 2000) known.clear();
    known.set(key, width);
  }
  return width;
}
