/**
 * All instructions of one run in the order in which they began, each as few numbers as tell whether two runs differ there: a run of
 * a million instructions is some twenty megabytes.
 */
import type { Call } from './follow';
import { costOfWay, sightOf, type Row } from './row';

/** Calls that are kept; no shipped scenario has a tenth of them. */
const MOST_CALLS = 20_000;

export class Line {
  length = 0;
  readonly calls: Call[] = [];
  vcpu = new Uint8Array(256);
  /** Operation of the program; HAND + the number for what was done by hand. */
  pc = new Uint32Array(256);
  k = new Uint32Array(256);
  from = new Uint32Array(256);
  to = new Uint32Array(256);
  sight = new Uint32Array(256);
  way = new Uint8Array(256);

  row(row: Row, n: number): void {
    while (n >= this.vcpu.length) this.#grow();
    this.vcpu[n] = row.vcpu;
    this.pc[n] = row.hand ? HAND : row.pc;
    this.k[n] = row.k;
    this.from[n] = row.from;
    this.to[n] = row.to;
    this.sight[n] = sightOf(row);
    this.way[n] = costOfWay(row);
    if (n >= this.length) this.length = n + 1;
  }

  call(call: Call): void {
    if (this.calls.length < MOST_CALLS) this.calls.push(call);
  }

  #grow(): void {
    const wider = <T extends Uint8Array | Uint32Array>(array: T, made: T): T => (made.set(array), made);
    const n = this.vcpu.length * 2;
    this.vcpu = wider(this.vcpu, new Uint8Array(n));
    this.pc = wider(this.pc, new Uint32Array(n));
    this.k = wider(this.k, new Uint32Array(n));
    this.from = wider(this.from, new Uint32Array(n));
    this.to = wider(this.to, new Uint32Array(n));
    this.sight = wider(this.sight, new Uint32Array(n));
    this.way = wider(this.way, new Uint8Array(n));
  }
}

/** Stands where a program's operation would for what was done by hand. */
export const HAND = 0xffff_ffff;
