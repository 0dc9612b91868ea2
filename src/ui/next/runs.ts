/** Frames whose type would change, those side by side that change alike as one. */
export interface Change {
  readonly gfn: number;
  readonly from: number;
  readonly to: number;
}

export interface ChangeRun extends Change {
  readonly frames: number;
}

export function changeRuns(types: readonly Change[]): ChangeRun[] {
  const runs: { gfn: number; from: number; to: number; frames: number }[] = [];
  for (const { gfn, from, to } of types) {
    const last = runs.at(-1);
    if (last && last.from === from && last.to === to && last.gfn + last.frames === gfn) last.frames++;
    else runs.push({ gfn, from, to, frames: 1 });
  }
  return runs;
}
