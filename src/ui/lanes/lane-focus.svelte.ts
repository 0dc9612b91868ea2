/**
 * The keyboard on the lanes: which event the tab key reaches, how arrows go from one to the next, and where the focus comes
 * when the event that had it is drawn no more.
 */
import { tick } from 'svelte';
import { neighbourDot } from '../../layout/lanes';
import type { LaneDot } from './marks';

export class LaneFocus {
  /** The event that keys start from: the last one that had the focus; null: that of the step shown. */
  active = $state<string | null>(null);
  /** The plane itself has the focus: only while there are no events to have it. */
  onPlane = $state(false);
  plane = $state<HTMLElement>();
  readonly #dots: () => readonly LaneDot[];
  readonly #step: () => number;
  /** The focus was on the lanes when it was last anywhere. */
  #held = false;

  /** To be made while a component is. `drawn` is read to hear of another drawing. */
  constructor(dots: () => readonly LaneDot[], step: () => number, drawn: () => unknown) {
    this.#dots = dots;
    this.#step = step;
    $effect(() => {
      void drawn();
      if (this.#held) void this.settle();
    });
    $effect(() => {
      if (this.onPlane && dots().length > 0) this.to(this.at);
    });
  }

  readonly at = $derived.by(() => {
    const dots = this.#dots();
    const kept = dots.findIndex((dot) => dot.key === this.active);
    if (kept >= 0) return kept;
    const step = this.#step();
    return Math.max(
      0,
      dots.findLastIndex((dot) => dot.event.step === step),
    );
  });

  /** The event that has the focus. */
  get here(): LaneDot | undefined {
    return this.plane?.contains(document.activeElement) ? this.#dots()[this.at] : undefined;
  }

  to(index: number): void {
    this.active = this.#dots()[index]?.key ?? null;
    this.#element(index)?.focus();
  }
  #element(index: number): SVGElement | undefined {
    return this.plane?.querySelectorAll<SVGElement>('[data-event]')[index];
  }

  came = (): void => void (this.#held = true);
  left = (event: FocusEvent): void => {
    const from = event.target as Element;
    // An event that is drawn no more is not left by the user.
    queueMicrotask(() => {
      if (from.isConnected && !this.plane?.contains(document.activeElement)) this.#held = false;
    });
  };

  /** Where the focus was may be gone: it comes to the event that keys start from, or to the plane. */
  async settle(): Promise<void> {
    await tick();
    if (document.activeElement === document.body) (this.#element(this.at) ?? this.plane)?.focus();
  }

  /** Along time, or across to another lane; `pan` goes on where the last event is passed. */
  async move(along: number, across: number, pan: (() => void) | null): Promise<void> {
    const dots = this.#dots();
    const to = neighbourDot(dots, this.at, along, across);
    if (to !== this.at || along === 0 || !pan) return this.to(to);
    const last = dots[this.at]?.key;
    pan();
    await tick();
    const now = this.#dots();
    const here = now.findIndex((dot) => dot.key === last);
    if (here >= 0 && now[here + along]) this.to(here + along);
  }
}
