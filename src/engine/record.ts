/**
 * Named fields over words of a space, as a C struct is over memory: `record({ state: 1, gpa: 2 }).at(space, base)` is an
 * object whose properties read and write the words. One word holds 0 to 2^32-1; two hold an integer up to 2^53-1.
 */
import type { Space } from './store';

type Fields = Readonly<Record<string, 1 | 2>>;
export type Rec<F extends Fields> = { -readonly [K in keyof F]: number } & { readonly base: number };

export interface RecordType<F extends Fields> {
  /** Size of one record in words. */
  readonly words: number;
  /** Word at which a field begins. */
  readonly offsets: { readonly [K in keyof F]: number };
  at(space: Space, base: number): Rec<F>;
}

export type RecordOf<T> = T extends RecordType<infer F> ? Rec<F> : never;

const TWO32 = 0x1_0000_0000;

export function record<const F extends Fields>(fields: F): RecordType<F> {
  class View {
    constructor(
      readonly space: Space,
      readonly base: number,
    ) {}
  }
  let offset = 0;
  const offsets = {} as Record<keyof F, number>;
  for (const [name, words] of Object.entries(fields)) {
    const at = offset;
    offsets[name as keyof F] = at;
    Object.defineProperty(
      View.prototype,
      name,
      words === 1
        ? {
            get(this: View) {
              return this.space.get(this.base + at);
            },
            set(this: View, value: number) {
              this.space.put(this.base + at, value);
            },
          }
        : {
            get(this: View) {
              return this.space.get(this.base + at + 1) * TWO32 + this.space.get(this.base + at);
            },
            set(this: View, value: number) {
              this.space.put(this.base + at, value % TWO32);
              this.space.put(this.base + at + 1, Math.floor(value / TWO32));
            },
          },
    );
    offset += words;
  }
  return { words: offset, offsets, at: (space, base) => new View(space, base) as unknown as Rec<F> };
}
