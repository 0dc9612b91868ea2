import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { PAGE_WORDS, Store } from './store';

const SPACES = ['state', 'tables', 'frames', 'notes'] as const;
type SpaceName = (typeof SPACES)[number];
/** Values after which a hash, a rollback or a border could stumble. */
const FAR = 5 * PAGE_WORDS + 7;

describe('a space', () => {
  test('reads as zero until written, then as the 32 bits that were put', () => {
    const { state } = new Store();
    expect([state.get(0), state.get(FAR)]).toEqual([0, 0]);
    state.put(FAR, -1);
    state.put(FAR + 1, 2 ** 32 + 5);
    expect([state.get(FAR - 1), state.get(FAR), state.get(FAR + 1)]).toEqual([0, 0xffffffff, 5]);
    expect(state.page(2)).toEqual(new Uint32Array(PAGE_WORDS));
    expect(state.bytes).toBe(4096);
  });

  test('is apart from the other three', () => {
    const store = new Store();
    SPACES.forEach((name, i) => store[name].put(3, i + 1));
    expect(SPACES.map((name) => store[name].get(3))).toEqual([1, 2, 3, 4]);
  });
});

describe('a fork', () => {
  test('shares until written, and then neither side sees what the other writes', () => {
    const a = new Store();
    a.state.put(1, 10);
    a.state.put(FAR, 20);
    const b = a.fork();
    expect(b.state.pages[0]).toBe(a.state.pages[0]);
    b.state.put(1, 11);
    a.state.put(FAR, 21);
    expect([a.state.get(1), a.state.get(FAR), b.state.get(1), b.state.get(FAR)]).toEqual([10, 21, 11, 20]);
  });

  test('of a fork stays apart from both, and frames keep their place', () => {
    const a = new Store();
    a.frames.put(a.frameAddress(77), 1);
    const b = a.fork();
    const c = b.fork();
    c.frames.put(c.frameAddress(78), 2);
    b.frames.put(b.frameAddress(77), 3);
    expect([a, b, c].map((s) => [s.frames.get(s.frameAddress(77)), s.frames.get(s.frameAddress(78))])).toEqual([
      [1, 0],
      [3, 0],
      [1, 2],
    ]);
    expect([a.hasFrame(77), c.hasFrame(79)]).toEqual([true, false]);
  });
});

describe('a rollback', () => {
  test('takes back what came after the mark, and nothing before it', () => {
    const store = new Store();
    store.state.put(0, 1);
    const mark = store.mark();
    const hash = store.hash();
    store.state.put(0, 2);
    store.tables.put(FAR, 3);
    store.state.put(0, 4);
    const seen: number[][] = [];
    store.changes(mark, (...change) => seen.push(change));
    expect(seen).toEqual([
      [0, 0, 1, 2],
      [1, FAR, 0, 3],
      [0, 0, 2, 4],
    ]);
    store.rollback(mark);
    expect([store.state.get(0), store.tables.get(FAR), store.hash()]).toEqual([1, 0, hash]);
  });

  test('after a settle finds nothing left to take back', () => {
    const store = new Store();
    store.state.put(0, 1);
    store.settle();
    store.rollback(store.mark());
    expect([store.mark(), store.state.get(0)]).toEqual([0, 1]);
  });
});

describe('the hash', () => {
  const writes: [SpaceName, number, number][] = [
    ['state', 1, 7],
    ['tables', FAR, 8],
    ['state', 2, 9],
  ];
  const hashOf = (list: typeof writes): string => {
    const store = new Store();
    for (const [name, at, value] of list) store[name].put(at, value);
    return store.hash();
  };

  test('is the same whatever the order of the writes, and whatever was there in between', () => {
    const hash = hashOf(writes);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(hashOf([...writes].reverse())).toBe(hash);
    expect(hashOf([['state', 2, 1], ['notes', 0, 5], ['state', 50, 6], ...writes, ['state', 50, 0]])).toBe(hash);
    expect(hashOf([])).toBe('0000000000000000');
  });

  test('is another for a word that moved, changed, or stands in another space', () => {
    const hashes = [
      hashOf(writes),
      hashOf([...writes.slice(0, 2), ['state', 3, 9]]),
      hashOf([...writes.slice(0, 2), ['state', 2, 10]]),
      hashOf([...writes.slice(0, 2), ['tables', 2, 9]]),
      hashOf([...writes.slice(1), ['state', 1, 9]]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('knows frames by their number, not by the order in which they were first written', () => {
    const of = (...mfns: number[]): string => {
      const store = new Store();
      for (const mfn of mfns) store.frames.put(store.frameAddress(mfn) + 5, mfn);
      return store.hash();
    };
    expect(of(300, 0x1000000, 4)).toBe(of(4, 300, 0x1000000));
    expect(of(300, 4)).not.toBe(of(301, 4));
  });

  test('leaves notes out', () => {
    const store = new Store();
    store.notes.put(9, 9);
    expect(store.hash()).toBe(hashOf([]));
  });
});

type Action =
  { do: 'put'; space: SpaceName; at: number; value: number } | { do: 'mark' | 'rollback' | 'settle' | 'fork' | 'swap' };
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      space: fc.constantFrom(...SPACES),
      at: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 4 * PAGE_WORDS })),
      value: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 0xffffffff })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('mark', 'rollback', 'settle', 'fork', 'swap') }),
  },
);

interface Side {
  store: Store;
  words: Map<string, number>;
  saved: { mark: number; words: Map<string, number> } | undefined;
}

/** Where `space:address` lies; an address of frames is one of machine frame `address >>> 10`. */
function place(store: Store, key: string): [SpaceName, number] {
  const [space, text] = key.split(':') as [SpaceName, string];
  const at = Number(text);
  return [space, space === 'frames' ? store.frameAddress(at >>> 10) + (at & (PAGE_WORDS - 1)) : at];
}
function put(store: Store, key: string, value: number): void {
  const [space, at] = place(store, key);
  store[space].put(at, value);
}
function get(store: Store, key: string): number {
  const [space, at] = place(store, key);
  return store[space].get(at);
}

prop.prop([fc.array(action, { maxLength: 120 })])(
  'puts, marks, rollbacks and forks in any order agree with a plain map, words and hash',
  (actions) => {
    let here: Side = { store: new Store(), words: new Map(), saved: undefined };
    let there: Side | undefined;
    for (const act of actions) {
      if (act.do === 'put') {
        const key = `${act.space}:${act.at}`;
        put(here.store, key, act.value);
        here.words.set(key, act.value);
      } else if (act.do === 'mark') here.saved = { mark: here.store.mark(), words: new Map(here.words) };
      else if (act.do === 'rollback' && here.saved) {
        here.store.rollback(here.saved.mark);
        here = { ...here, words: here.saved.words, saved: undefined };
      } else if (act.do === 'settle') {
        here.store.settle();
        here.saved = undefined;
      } else if (act.do === 'fork') {
        here.saved = undefined;
        there = { store: here.store.fork(), words: new Map(here.words), saved: undefined };
      } else if (act.do === 'swap' && there) [here, there] = [there, here];
    }
    for (const { store, words } of there ? [here, there] : [here]) {
      const fresh = new Store();
      for (const [key, value] of [...words].sort()) {
        expect(get(store, key)).toBe(value);
        put(fresh, key, value);
      }
      expect(store.hash()).toBe(fresh.hash());
    }
  },
);
