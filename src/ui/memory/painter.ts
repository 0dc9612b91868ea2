/**
 * The canvas of the map. At rest it holds the map as drawn for just this look. While a gesture moves, what was drawn last is
 * moved along, and the whole guest, drawn once, shows through where it leaves room: copies, whatever the guest's size. Now and
 * then it is drawn anew on the way.
 */
import type { Look } from '../../layout/map';
import { unitOf } from '../../layout/map';
import type { MapScene } from '../../layout/map-scene';
import { uncovered } from '../../layout/minimap';
import { Sheet, type ColourOf } from './sheet';

export class Painter {
  readonly #sheet: Sheet;
  readonly #ctx: CanvasRenderingContext2D | null;
  /** The whole guest, a CSS pixel a pixel; the canvas as it was drawn last, null while it is not copied. */
  #whole: Sheet | null = null;
  #wholeAt = -1;
  #copy: HTMLCanvasElement | null = null;
  #copied = false;
  #scene: MapScene | null = null;
  #cellsVersion = -1;
  #version = 0;
  #colour: ColourOf = () => '#888';

  constructor(canvas: HTMLCanvasElement) {
    this.#sheet = new Sheet(canvas);
    this.#ctx = canvas.getContext('2d');
  }

  /** Milliseconds that drawing everything took last. */
  get cost(): number {
    return this.#sheet.cost;
  }

  /** Counts what the whole guest looked like so far. */
  get version(): number {
    return this.#version;
  }

  /** Draws the scene as it is. The versions tell of changes in what its numbers are, and in what `scene.frames` answers. */
  rest(scene: MapScene, cellsVersion: number, framesVersion: number, colour: ColourOf): void {
    const last = this.#scene;
    const same = last !== null && cellsVersion === this.#cellsVersion && alike(last, scene);
    this.#sheet.show(scene, framesVersion, colour);
    this.#scene = scene;
    this.#cellsVersion = cellsVersion;
    this.#colour = colour;
    if (!same) this.#version++;
    this.#copied = false;
  }

  /** Shows the scene that was drawn last as `look` has it, roughly. */
  move({ k, x, y }: Look): void {
    const ctx = this.#ctx;
    const scene = this.#scene;
    if (!ctx || !scene) return;
    const copy = this.#take();
    const { dpr, look } = scene;
    const { width, height } = this.#sheet.canvas;
    const by = k / look.k;
    const at = { x: (x - look.x * by) * dpr, y: (y - look.y * by) * dpr, w: width * by, h: height * by };
    ctx.imageSmoothingEnabled = false;
    const bare = uncovered(at, width, height);
    const whole = bare.length > 0 && k > 1 ? this.whole() : null;
    ctx.fillStyle = this.#colour('--paper');
    for (const part of bare) {
      ctx.fillRect(part.x, part.y, part.w, part.h);
      if (!whole) continue;
      const [sx, sy] = [whole.width / (width * k), whole.height / (height * k)];
      const from = { x: (part.x - x * dpr) * sx, y: (part.y - y * dpr) * sy };
      ctx.drawImage(whole, from.x, from.y, part.w * sx, part.h * sy, part.x, part.y, part.w, part.h);
    }
    ctx.drawImage(copy, at.x, at.y, at.w, at.h);
    this.#sheet.spoil();
  }

  /** The whole guest as it is now; null where there is no canvas. */
  whole(): HTMLCanvasElement | null {
    const scene = this.#scene;
    if (!scene || !this.#ctx) return null;
    this.#whole ??= new Sheet(document.createElement('canvas'));
    if (this.#wholeAt !== this.#version) {
      const { width, height } = scene.look;
      const last = this.#whole.scene;
      const same = last && last.look.width === width && last.look.height === height && last.grid === scene.grid;
      const look = same ? last.look : { k: 1, x: 0, y: 0, width, height };
      const unit = Math.max(512, unitOf(scene.grid, 1, 1));
      this.#whole.show({ ...scene, look, unit, dpr: 1 }, 0, this.#colour);
      this.#wholeAt = this.#version;
    }
    return this.#whole.canvas;
  }

  #take(): HTMLCanvasElement {
    const from = this.#sheet.canvas;
    this.#copy ??= document.createElement('canvas');
    if (this.#copied) return this.#copy;
    if (this.#copy.width !== from.width || this.#copy.height !== from.height) {
      this.#copy.width = from.width;
      this.#copy.height = from.height;
    }
    this.#copy.getContext('2d')!.drawImage(from, 0, 0);
    this.#copied = true;
    return this.#copy;
  }
}

/** Whether two scenes with the same numbers show the same guest, be it in two looks. */
const alike = (a: MapScene, b: MapScene): boolean =>
  a.grid === b.grid && a.ground === b.ground && a.hatched === b.hatched && a.palette === b.palette;
