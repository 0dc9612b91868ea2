/** What a piece of work that is done in parts comes to, done all at once. */
export function last<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
  }
}

/** The same of a job. */
export async function resultOf<T>(job: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const piece = await job.next();
    if (piece.done) return piece.value;
  }
}
