/**
 * A part of the page as one SVG picture: boxes, text and drawings as vectors, a canvas as an image. It is read off the page as
 * it is laid out, so that every view can be exported, and none has a second drawing of itself. Left out: what is hidden, what
 * is for the screen reader only, what is marked `data-tools`.
 */

const NS = 'http://www.w3.org/2000/svg';

/** What a drawing takes from style sheets, and an SVG file would not have. */
const DRAWN = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
  'visibility',
  'mix-blend-mode',
] as const;

interface Frame {
  /** Place of the picture's corner in the window. */
  readonly x: number;
  readonly y: number;
  readonly measure: CanvasRenderingContext2D | null;
  clips: number;
}

/** Draws what an element shows. Width and height are those of the element, CSS pixels. */
export function toSvg(root: Element): SVGSVGElement {
  const box = root.getBoundingClientRect();
  const svg = make('svg', { width: box.width, height: box.height, viewBox: `0 0 ${box.width} ${box.height}` });
  const measure = document.createElement('canvas').getContext('2d');
  const frame: Frame = { x: box.left, y: box.top, measure, clips: 0 };
  const ground = getComputedStyle(document.body).backgroundColor;
  svg.append(make('rect', { width: box.width, height: box.height, fill: ground }));
  draw(root, svg, frame);
  return svg;
}

const HIDDEN = '.unseen, [data-tools], script, style';

function draw(element: Element, into: Element, frame: Frame): void {
  if (element.matches(HIDDEN) || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
  const box = element.getBoundingClientRect();
  if (element instanceof SVGSVGElement) return void into.append(drawing(element, box, frame));
  const style = getComputedStyle(element);
  ground(style, box, into, frame);
  if (element instanceof HTMLCanvasElement) return void into.append(image(element, box, frame));
  if (element instanceof HTMLSelectElement || element instanceof HTMLInputElement) {
    return void into.append(...field(element, style, box, frame));
  }
  const inner = clips(style, element) ? clipped(box, into, frame) : into;
  for (const child of element.childNodes) {
    if (child instanceof Text) lines(child, style, inner, frame);
    else if (child instanceof Element) draw(child, inner, frame);
  }
}

const clips = (
  { overflowX, overflowY }: CSSStyleDeclaration,
  { scrollWidth, clientWidth, scrollHeight, clientHeight }: Element,
) =>
  (overflowX !== 'visible' && scrollWidth > clientWidth + 1) ||
  (overflowY !== 'visible' && scrollHeight > clientHeight + 1);

function clipped(box: DOMRect, into: Element, frame: Frame): Element {
  const id = `clip${++frame.clips}`;
  const clip = make('clipPath', { id });
  clip.append(make('rect', { ...place(box, frame) }));
  const group = make('g', { 'clip-path': `url(#${id})` });
  into.append(clip, group);
  return group;
}

/** Background and borders of a box. */
function ground(style: CSSStyleDeclaration, box: DOMRect, into: Element, frame: Frame): void {
  const radius = parseFloat(style.borderTopLeftRadius) || 0;
  const at = place(box, frame);
  if (seen(style.backgroundColor)) into.append(make('rect', { ...at, rx: radius, fill: style.backgroundColor }));
  const sides = (['Top', 'Right', 'Bottom', 'Left'] as const).map((side) => ({
    width: style[`border${side}Style`] === 'none' ? 0 : parseFloat(style[`border${side}Width`]),
    colour: style[`border${side}Color`],
  }));
  const [top, right, bottom, left] = sides as [Side, Side, Side, Side];
  if (sides.every(({ width, colour }) => width > 0 && width === top.width && colour === top.colour && seen(colour))) {
    into.append(outline(at, top.width, top.colour, radius, style.borderTopStyle));
  } else {
    const line = ({ width, colour }: Side, x: number, y: number, w: number, h: number): void => {
      if (width > 0 && seen(colour)) into.append(make('rect', { x, y, width: w, height: h, fill: colour }));
    };
    line(top, at.x, at.y, at.width, top.width);
    line(bottom, at.x, at.y + at.height - bottom.width, at.width, bottom.width);
    line(left, at.x, at.y, left.width, at.height);
    line(right, at.x + at.width - right.width, at.y, right.width, at.height);
  }
  const ring = parseFloat(style.outlineWidth);
  if (style.outlineStyle === 'solid' && ring > 0) {
    const off = parseFloat(style.outlineOffset) + ring;
    const grown = { x: at.x - off, y: at.y - off, width: at.width + 2 * off, height: at.height + 2 * off };
    into.append(outline(grown, ring, style.outlineColor, radius, 'solid'));
  }
}

interface Side {
  readonly width: number;
  readonly colour: string;
}
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const place = ({ left, top, width, height }: DOMRect, frame: Frame): Place => ({
  x: left - frame.x,
  y: top - frame.y,
  width,
  height,
});

const outline = ({ x, y, width, height }: Place, w: number, stroke: string, rx: number, style: string): Element =>
  make('rect', {
    x: x + w / 2,
    y: y + w / 2,
    width: Math.max(0, width - w),
    height: Math.max(0, height - w),
    rx,
    fill: 'none',
    stroke,
    'stroke-width': w,
    ...(style === 'dashed' ? { 'stroke-dasharray': `${3 * w} ${2 * w}` } : {}),
  });

/** A drawing of the page, its style sheets' part written into it. */
function drawing(svg: SVGSVGElement, box: DOMRect, frame: Frame): Element {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  originals.forEach((original, i) => {
    const target = copies[i]!;
    const style = getComputedStyle(original);
    if (original !== svg && style.display === 'none') return target.setAttribute('display', 'none');
    for (const name of DRAWN) {
      const value = style.getPropertyValue(name);
      if (value) target.setAttribute(name, value);
    }
    // A place given by style is a transform to SVG.
    if (original !== svg && style.transform !== 'none' && !original.hasAttribute('transform'))
      target.setAttribute('transform', style.transform);
    for (const name of ['class', 'style', 'tabindex', 'role']) target.removeAttribute(name);
    for (const { name } of [...target.attributes]) if (/^(aria|data)-/.test(name)) target.removeAttribute(name);
  });
  for (const hidden of copy.querySelectorAll('[display="none"]')) hidden.remove();
  for (const [name, value] of Object.entries(place(box, frame))) copy.setAttribute(name, String(value));
  copy.setAttribute('overflow', getComputedStyle(svg).overflow === 'visible' ? 'visible' : 'hidden');
  copy.setAttribute('color', getComputedStyle(svg).color);
  return copy;
}

const image = (canvas: HTMLCanvasElement, box: DOMRect, frame: Frame): Element =>
  make('image', {
    ...place(box, frame),
    preserveAspectRatio: 'none',
    href: canvas.width * canvas.height > 0 ? canvas.toDataURL() : '',
  });

/** What stands in a field, or whether it is ticked; of a slider nothing. */
function* field(element: HTMLSelectElement | HTMLInputElement, style: CSSStyleDeclaration, box: DOMRect, frame: Frame) {
  if (element.type === 'range') return;
  if (element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio')) {
    yield* tick(element, style.color, place(box, frame));
    return;
  }
  const value = element instanceof HTMLSelectElement ? (element.selectedOptions[0]?.text ?? '') : element.value;
  const { x, y, height } = place(box, frame);
  yield words(
    value.trim(),
    x + parseFloat(style.paddingLeft) + 1,
    y + height / 2 + parseFloat(style.fontSize) * 0.35,
    style,
  );
}

/** A box or a ring, with its check or dot where it is chosen: the browser's own has no style that could be read. */
function* tick({ type, checked }: HTMLInputElement, stroke: string, at: Place): Generator<Element> {
  const { x, y, width: w, height: h } = at;
  const round = type === 'radio';
  yield outline(at, 1, stroke, round ? w / 2 : 2, 'solid');
  if (!checked) return;
  if (round) yield make('circle', { cx: x + w / 2, cy: y + h / 2, r: w / 4, fill: stroke });
  else {
    const d = `M${x + w * 0.22} ${y + h * 0.52}l${w * 0.2} ${h * 0.2}l${w * 0.36} ${h * -0.44}`;
    yield make('path', { d, fill: 'none', stroke, 'stroke-width': 2 });
  }
}

/** A text, line by line as it is broken on the page. */
function lines(text: Text, style: CSSStyleDeclaration, into: Element, frame: Frame): void {
  if (!text.data.trim()) return;
  const range = document.createRange();
  const rectOf = (from: number, to: number): DOMRect => {
    range.setStart(text, from);
    range.setEnd(text, to);
    return range.getBoundingClientRect();
  };
  if (frame.measure) frame.measure.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const rise = frame.measure?.measureText('x').fontBoundingBoxAscent ?? parseFloat(style.fontSize);
  let line: { from: number; to: number; box: DOMRect } | null = null;
  const put = (): void => {
    if (!line) return;
    const shown = rectOf(line.from, line.to);
    const content = text.data.slice(line.from, line.to).replace(/\s+/g, ' ').trim();
    if (content && shown.width > 0) {
      const written = style.textTransform === 'uppercase' ? content.toUpperCase() : content;
      into.append(words(written, shown.left - frame.x, shown.top - frame.y + rise, style));
    }
  };
  for (const { index, 0: word } of text.data.matchAll(/\S+/g)) {
    const box = rectOf(index, index + word.length);
    if (line && Math.abs(box.top - line.box.top) < 2) line.to = index + word.length;
    else {
      put();
      line = { from: index, to: index + word.length, box };
    }
  }
  put();
}

function words(content: string, x: number, y: number, style: CSSStyleDeclaration): Element {
  const text = make('text', {
    x,
    y,
    fill: style.color,
    'font-family': style.fontFamily,
    'font-size': style.fontSize,
    'font-weight': style.fontWeight,
    ...(style.fontVariantNumeric === 'tabular-nums' ? { style: 'font-variant-numeric: tabular-nums' } : {}),
    ...(style.textDecorationLine.includes('underline') ? { 'text-decoration': 'underline' } : {}),
  });
  text.textContent = content;
  return text;
}

const seen = (colour: string): boolean => colour !== 'transparent' && !/, 0\)$|\/ 0\)$/.test(colour);

function make<N extends keyof SVGElementTagNameMap>(
  name: N,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[N] {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  return element;
}
