/** How long something has been at work, milliseconds; what stands still does not count. */
export class Clock {
  #spent = 0;
  #since: number | null = null;

  go(): void {
    this.#since ??= performance.now();
  }
  stand(): void {
    this.#spent = this.ms;
    this.#since = null;
  }
  reset(): void {
    this.#spent = 0;
    this.#since = null;
  }
  get ms(): number {
    return this.#spent + (this.#since === null ? 0 : performance.now() - this.#since);
  }
}
