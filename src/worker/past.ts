/**
 * Who acted in each step of a run, and when locks were held, waits went on and vCPUs stopped for good: what is drawn of all of
 * it at once, and of any stretch without running it again.
 */
import type { Actor, AnyEvent } from '../engine/trace';
import { isAway, PHASE } from '../engine/vcpu';
import { vcpuActor, type World } from '../engine/world';
import { bytes, words } from './columns';
import type { LanesPicture, PastColumns } from './protocol';

/** Times during which something was so, each from its first step to the one that ended it, in order of their beginning. */
class Spans {
  #length = 0;
  readonly #who = bytes();
  readonly #from = words();
  readonly #to = words();
  /** Row that is open for each `who`, and how many `who` there are. */
  readonly #open: (number | undefined)[] = [];

  /** Whether it is so of `who` after step `n`. Call it for each step, `who` from 0 on without gaps. */
  note(who: number, is: boolean, n: number): void {
    const open = this.#open[who];
    if (open !== undefined) this.#to.put(open, n);
    if (is && open !== undefined) return;
    this.#open[who] = is ? this.#length : undefined;
    if (!is) return;
    this.#who.put(this.#length, who);
    this.#from.put(this.#length, n);
    this.#to.put(this.#length, n);
    this.#length++;
  }

  columns(): { who: Uint8Array; from: Uint32Array; to: Uint32Array } {
    const n = this.#length;
    return { who: this.#who.first(n), from: this.#from.first(n), to: this.#to.first(n) };
  }

  /** What of it lies in steps `from` to `to`, cut to them. */
  within(from: number, to: number): { who: number; from: number; to: number }[] {
    const found = [];
    // Those of one `who` do not overlap: once each has one that ended before, so have all that are older.
    const before = new Set<number>();
    for (let i = this.#begunBy(to) - 1; i >= 0 && before.size < this.#open.length; i--) {
      const who = this.#who.at(i);
      if (this.#to.at(i) < from) before.add(who);
      else found.push({ who, from: Math.max(from, this.#from.at(i)), to: Math.min(to, this.#to.at(i)) });
    }
    return found.reverse();
  }

  /** Rows begun at or before step `n`. */
  #begunBy(n: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#from.at(middle) <= n) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export class Past {
  #steps = 0;
  readonly #lanes: ReadonlyMap<Actor, number>;
  readonly #actors = bytes();
  readonly #locks = new Spans();
  readonly #waits = new Spans();
  /** Step after which each vCPU never goes on. */
  readonly #ends = new Map<number, number>();

  constructor(lanes: readonly Actor[]) {
    this.#lanes = new Map(lanes.map((actor, i) => [actor, i]));
  }

  /** Takes in the step that `world` has just made. */
  add(events: readonly AnyEvent[], world: World): void {
    const n = world.steps;
    this.#steps = n;
    this.#actors.put(n - 1, this.#lanes.get(events[0]?.actor ?? 'xen')!);
    this.#locks.note(0, world.p2mLock !== null, n);
    world.vcpus.forEach(({ phase }, i) => {
      this.#waits.note(i, isAway(phase), n);
      if (phase === PHASE.crashed && !this.#ends.has(i)) this.#ends.set(i, n);
    });
  }

  columns(): PastColumns {
    const locks = this.#locks.columns();
    const waits = this.#waits.columns();
    return {
      actors: this.#actors.first(this.#steps),
      lockFrom: locks.from,
      lockTo: locks.to,
      waitVcpu: waits.who,
      waitFrom: waits.from,
      waitTo: waits.to,
    };
  }

  /** Bars and ends in the lanes of steps `from` to `to`. */
  within(from: number, to: number): Pick<LanesPicture, 'locks' | 'waits' | 'ends'> {
    return {
      locks: this.#locks
        .within(from, to)
        .map((bar) => ({ actor: 'xen', name: 'gfn lock', from: bar.from, to: bar.to })),
      waits: this.#waits.within(from, to).map((bar) => ({ actor: vcpuActor(bar.who), from: bar.from, to: bar.to })),
      ends: [...this.#ends]
        .filter(([, at]) => at <= to)
        .map(([vcpu, at]) => ({ actor: vcpuActor(vcpu), at: Math.max(at, from - 1) })),
    };
  }
}
