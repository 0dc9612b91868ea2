/**
 * The canvas of the map. At rest it holds the map as drawn for just this look. While a gesture moves, what was drawn last is
 * moved along, over the whole guest drawn once: two copies a frame, whatever the guest's size; and now and then, where that
 * is quick enough, it is drawn anew on the way.
 */
import type { Look } from '../../layout/map';
import { unitOf } from '../../layout/map';
import type { MapScene } from '../../layout/map-scene';
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
    const whole = this.whole();
    const copy = this.#take();
    const { dpr, look } = scene;
    const { width, height } = this.#sheet.canvas;
    ctx.imageSmoothingEnabled = false;
    ctx.fillStyle = this.#colour('--paper');
    ctx.fillRect(0, 0, width, height);
    if (whole && k > 1) {
      const [sx, sy] = [whole.width / (look.width * k), whole.height / (look.height * k)];
      ctx.drawImage(whole, -x * sx, -y * sy, look.width * sx, look.height * sy, 0, 0, width, height);
    }
    const by = k / look.k;
    ctx.drawImage(copy, (x - look.x * by) * dpr, (y - look.y * by) * dpr, width * by, height * by);
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
