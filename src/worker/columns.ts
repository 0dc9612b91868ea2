/** Columns of numbers that grow at their end, so that a hundred thousand rows cost a megabyte. */
export class Column<A extends Uint8Array | Uint32Array | Float64Array> {
  constructor(
    private values: A,
    private readonly make: (n: number) => A,
  ) {}
  at(i: number): number {
    return this.values[i]!;
  }
  put(i: number, value: number): void {
    if (i >= this.values.length) {
      const more = this.make(Math.max(i + 1, this.values.length * 2));
      more.set(this.values);
      this.values = more;
    }
    this.values[i] = value;
  }
  first(n: number): A {
    return this.values.slice(0, n) as A;
  }
}
export const bytes = () => new Column(new Uint8Array(256), (n) => new Uint8Array(n));
export const words = () => new Column(new Uint32Array(256), (n) => new Uint32Array(n));
export const doubles = () => new Column(new Float64Array(256), (n) => new Float64Array(n));
