/** The steps round the one that is shown, a dot each: what is behind, what lies ahead, and where something is asked. */

/** Steps behind that are shown, and ahead. */
export const BEHIND = 6;
const AHEAD = 12;
/** Room of a dot, and of the line between what was and what comes. */
export const PITCH = 30;

export interface StepDots {
  readonly width: number;
  /** Places of dots, the first step's first. */
  readonly behind: readonly number[];
  readonly now: number;
  readonly ahead: readonly number[];
  /** Places of dots ahead before which something is asked. */
  readonly asked: readonly number[];
}

/** `step`: the last that is behind; `of`: steps of the run; `prompts`: steps before which something is asked. */
export function stepDots(step: number, of: number, prompts: readonly number[]): StepDots {
  const behind = Math.min(BEHIND, step);
  const ahead = Math.min(AHEAD, Math.max(0, of - step));
  const place = (n: number): number => (n + 0.5) * PITCH;
  return {
    width: (behind + 1 + ahead) * PITCH,
    behind: Array.from({ length: behind }, (_, i) => place(i)),
    now: place(behind),
    ahead: Array.from({ length: ahead }, (_, i) => place(behind + 1 + i)),
    // The one that is put now is above.
    asked: [...new Set(prompts)].flatMap((at) =>
      at > step + 1 && at <= step + ahead ? [place(behind + at - step)] : [],
    ),
  };
}
