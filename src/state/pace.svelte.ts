/** How fast it plays, in steps a second; remembered between visits. */
import { recall, remember } from './prefs';

export const SPEEDS = [1, 2, 4, 8, 16, 60] as const;
export type Speed = (typeof SPEEDS)[number];

export class Pace {
  speed = $state<Speed>(SPEEDS.find((s) => String(s) === recall('speed')) ?? 4);

  set(speed: Speed): void {
    this.speed = speed;
    remember('speed', String(speed));
  }
  /** One notch faster or slower. */
  shift(by: 1 | -1): void {
    this.set(SPEEDS[SPEEDS.indexOf(this.speed) + by] ?? this.speed);
  }
}
