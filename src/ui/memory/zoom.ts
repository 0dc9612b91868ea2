/** The zoom of the map. What does it is loaded at the first sign of somebody there: the first picture needs none of it. */
import type { Behaviour, behaviour } from './zoom-behaviour';

export interface Move {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

/** What is zoomed on: of an SVG the pointer's place is known however the page scales it. */
export type Surface = HTMLElement | SVGSVGElement;

export interface Area {
  readonly width: number;
  readonly height: number;
  /** Largest scale. */
  readonly deepest: number;
  /** Where it is when it begins. */
  readonly start?: () => Move;
  /** `ended`: this is where a gesture ends. */
  readonly moved: (to: Move, ended: boolean) => void;
  /** The drag that would begin with this event is not the zoom's. */
  readonly selects?: (event: Event) => boolean;
}

type Make = typeof behaviour;
const SIGNS = ['pointermove', 'pointerdown', 'wheel', 'keydown'] as const;

let make: Make | null = null;
let loading: Promise<Make> | null = null;
const load = (): Promise<Make> => (loading ??= import('./zoom-behaviour').then((module) => (make = module.behaviour)));

export class Zoomer {
  #behaviour: Behaviour | null = null;
  /** Begins on the element that is attached. */
  #begin: (() => Behaviour) | null = null;

  /** Attachment for an element. */
  attach(node: Surface, area: Area): () => void {
    this.#begin = () => (this.#behaviour ??= make!(node, area));
    if (make) this.#begin();
    else for (const sign of SIGNS) addEventListener(sign, this.#sign, { once: true, passive: true });
    return () => {
      for (const sign of SIGNS) removeEventListener(sign, this.#sign);
      this.#behaviour?.detach();
      this.#behaviour = this.#begin = null;
    };
  }

  readonly #sign = (): void => void this.#ready();

  async #ready(): Promise<void> {
    if (!make) await load();
    this.#begin?.();
  }

  go(to: Move): void {
    this.#do((behaviour) => behaviour.go(to));
  }
  by(factor: number): void {
    this.#do((behaviour) => behaviour.by(factor));
  }

  /** At once where it is loaded. */
  #do(act: (behaviour: Behaviour) => void): void {
    if (this.#behaviour) act(this.#behaviour);
    else void this.#ready().then(() => this.#behaviour && act(this.#behaviour));
  }
}
