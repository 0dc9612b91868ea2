/** Long work as a generator: it stops now and then, so that a caller can do something else between two slices. */

/** How far long work has come. */
export interface Done {
  readonly done: number;
  readonly of: number;
}

/** Does it without a pause. */
export function finish<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
