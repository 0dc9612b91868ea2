/** Whether a step may move anything: only a single one forwards, not in a row of fast ones, and not back. */
const FASTEST = 250;

/** Answers for one step after the other whether all stays still. */
export function stillness(): (step: number, playing: boolean) => boolean {
  let lastStep = -1;
  let lastTime = 0;
  return (step, playing) => {
    const time = performance.now();
    const one = step === lastStep + 1 && time - lastTime > FASTEST;
    lastStep = step;
    lastTime = time;
    return !one || playing;
  };
}
