/** Long work that the worker does beside the pictures: a search through the run, a file of it. One at a time. */
import { RefusedError, type Progress } from '../worker/client';

/** What is under way, and how many of the run's steps are done. */
export interface Work {
  readonly what: 'find' | 'trace';
  readonly done: number;
  readonly of: number | null;
}

export class Beside {
  work = $state.raw<Work | null>(null);

  /** What it comes to, `ask` having the worker do it; undefined: it was cancelled, or given up for another run. Rejects as `ask`. */
  async run<T>(what: Work['what'], ask: (onProgress: Progress) => Promise<T>): Promise<T | undefined> {
    let mine: Work = { what, done: 0, of: null };
    this.work = mine;
    try {
      return await ask((done, of) => {
        if (this.work === mine) this.work = mine = { what, done, of };
      });
    } catch (error) {
      if (error instanceof RefusedError) return undefined;
      throw error;
    } finally {
      if (this.work === mine) this.work = null;
    }
  }
}
