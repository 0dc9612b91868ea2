/** How far a job is. `of`: all there is to do; null: nobody knows. Facts: numbers to be shown beside, by name. */
export interface Progress {
  readonly done: number;
  readonly of: number | null;
  readonly facts: Readonly<Record<string, number>>;
}
