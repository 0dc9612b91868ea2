/**
 * Where the keyboard is in a chart: at a state, or in the list of its arrows. Arrow keys go to the next state in their
 * direction; Enter opens the list, Up and Down choose, Enter fires, Escape leads back.
 */
import type { ChartArrow } from '../../engine/machines/read-chart';
import { nextTo, type Direction } from '../../layout/chart-signs';
import type { Box } from '../../layout/labels';

/** What the keys walk on. */
export interface Ground {
  readonly boxes: ReadonlyMap<string, Box>;
  /** State to begin at. */
  readonly start: string | null;
  readonly arrows: (state: string) => readonly ChartArrow[];
  /** False: nothing that can be done takes it. */
  readonly fire: (arrow: ChartArrow) => boolean;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export class Walk {
  /** The chart has the focus. */
  focused = $state(false);
  #state = $state<string | null>(null);
  /** Place in the list of arrows; -1: at the state itself. */
  #at = $state(-1);
  readonly #ground: () => Ground;

  constructor(ground: () => Ground) {
    this.#ground = ground;
  }

  /** The state that the keyboard is at, if it is drawn. */
  get state(): string | null {
    const { boxes, start } = this.#ground();
    if (this.#state !== null && boxes.has(this.#state)) return this.#state;
    return start !== null && boxes.has(start) ? start : (boxes.keys().next().value ?? null);
  }
  get place(): number {
    return this.#at;
  }
  get arrow(): ChartArrow | null {
    const { state } = this;
    return state === null || this.#at < 0 ? null : (this.#ground().arrows(state)[this.#at] ?? null);
  }

  /** To a state, or to one of its arrows. */
  go(state: string, arrow: ChartArrow | null = null): void {
    this.#state = state;
    this.#at = arrow === null ? -1 : this.#ground().arrows(state).indexOf(arrow);
  }

  /** True: the key was one of these. */
  key({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
    const { state } = this;
    if (state === null || shiftKey || ctrlKey || altKey || metaKey) return false;
    return this.#at < 0 ? this.#atState(key, state) : this.#atArrow(key, state);
  }

  #atState(key: string, state: string): boolean {
    const { boxes, arrows } = this.#ground();
    const direction = DIRECTIONS[key];
    if (direction) this.go(nextTo(boxes, state, direction) ?? state);
    else if (key === 'Enter') {
      this.go(state);
      this.#at = arrows(state).length > 0 ? 0 : -1;
    } else return false;
    return true;
  }

  #atArrow(key: string, state: string): boolean {
    const { arrows, fire } = this.#ground();
    const last = arrows(state).length - 1;
    const { arrow } = this;
    if (key === 'ArrowDown' || key === 'ArrowRight') this.#at = this.#at >= last ? 0 : this.#at + 1;
    else if (key === 'ArrowUp' || key === 'ArrowLeft') this.#at = this.#at <= 0 ? last : this.#at - 1;
    else if (key === 'Home') this.#at = 0;
    else if (key === 'End') this.#at = last;
    else if (key === 'Escape') this.#at = -1;
    else if (key === 'Enter' && arrow) {
      if (fire(arrow)) this.follow();
    } else return false;
    return true;
  }

  /** To where the chart is, wherever that will be. */
  follow(): void {
    this.#state = null;
    this.#at = -1;
  }
}
