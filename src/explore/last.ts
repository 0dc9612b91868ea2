/** What a piece of work that is done in parts comes to, done all at once. */
export function last<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
  }
}
