/** Every simple path of the buffered ring's chart, from every state, made by a real ring. */
import { describe, expect, test } from 'vitest';
import { BUFIOREQ_SLOTS, BufioreqRing } from '../bufioreq';
import { BUFIOREQ } from '../ioreq';
import { VERSIONS, type Version } from '../patches';
import { Store } from '../store';
import { u64 } from '../words64';
import { agreed, edgeName, lead, simplePaths, tries, type Edge, type Subject } from './paths-testing';
import { RING } from './ring';

const FILLED: Readonly<Record<string, number>> = { off: 0, empty: 0, filling: 5, full: BUFIOREQ_SLOTS };
const write = { type: 1, addr: u64(0xa0000n), size: 4, count: 1, dir: 0, dataIsPtr: false, data: u64(7n) };

class Ring implements Subject {
  readonly ring: BufioreqRing;
  #sent = '';

  constructor(version: Version, from: string) {
    const mode = from === 'off' ? BUFIOREQ.off : BUFIOREQ.atomic;
    this.ring = new BufioreqRing(new Store().state, 0, mode, VERSIONS[version]);
    this.#fill(FILLED[from]!);
  }

  state = (): string => RING.states[this.ring.state]!;

  prepare({ from, facts }: Edge): void {
    if (from === 'filling') this.#fill(BUFIOREQ_SLOTS - (facts.includes('one') ? 1 : facts.includes('two') ? 2 : 100));
  }

  act({ event, facts }: Edge): void {
    const { ring } = this;
    const has = (fact: string): boolean => facts.includes(fact);
    if (event === 'consume') return ring.consume(has('last') ? ring.pending : 1);
    const size = has('oddSize') ? 3 : has('long') ? 8 : 4;
    const { rc, queued } = ring.send({ ...write, size, count: has('unfit') ? 2 : 1 });
    this.#sent = queued ? 'queue' : rc === 'OKAY' ? 'lose' : 'unhandleable';
  }

  /** What came of the last request, in the words of the chart. */
  get sent(): string {
    return this.#sent;
  }

  #fill(slots: number): void {
    this.ring.readPointer = 3;
    this.ring.writePointer = 3 + slots;
  }
}

describe.each<Version>(['4.20', 'today'])('at %s', (version) => {
  const xen = VERSIONS[version];
  const starts = RING.states;

  test('a ring goes each of the 12 simple paths of its chart', () => {
    const paths = starts.flatMap((from) => simplePaths(RING, xen, { from }));
    expect(paths.length).toBe(12);
    for (const path of paths) {
      const ring = new Ring(version, path[0]!.from);
      expect(lead(RING, xen, path, ring), path.map(edgeName).join(', ')).toEqual(agreed(path));
    }
  });

  test('what changes nothing in a state of the chart changes nothing there in a ring', () => {
    const paths = starts.flatMap((from) => tries(RING, xen, { from }));
    expect(paths.length).toBe(31);
    for (const path of paths) {
      const ring = new Ring(version, path[0]!.from);
      expect(lead(RING, xen, path, ring), path.map(edgeName).join(', ')).toEqual(agreed(path));
      const { event, arrow } = path.at(-1)!;
      if (event === 'send') expect([edgeName(path.at(-1)!), ring.sent]).toEqual([edgeName(path.at(-1)!), arrow.effect]);
    }
  });
});

test('a ring that holds nothing has nothing to take out', () => {
  const { ring } = new Ring('today', 'empty');
  ring.consume(0);
  expect(ring.pending).toBe(0);
  expect(() => ring.consume(1)).toThrow('ring: empty knows no consume');
});
