/** Every chart, laid out at every version of Xen: legible, whatever is shown of it and wherever. */
import { describe, expect, test } from 'vitest';
import { CHARTS } from '../../engine/machines';
import { p2mTypeNames } from '../../engine/p2m-type';
import { patchesOf, VERSIONS, type Version } from '../../engine/patches';
import type { ChartPlan } from '../../layout/chart-plan';
import { overlap, type Box } from '../../layout/labels';
import { chartsOf, type ChartBook } from '../../state/charts';
import { PLAYER } from '../../state/player';
import { arrowsDrawn, boxSizes, castOf, fitting, nameOf, plansOf, scaleOf, type Measure } from './scene';

/** Plex is about so wide. */
const measure: Measure = (text, font) => Math.ceil(text.length * { name: 7.6, label: 6.6, mono: 7.2 }[font]);
const versions = Object.keys(VERSIONS) as Version[];
const ALL = [...CHARTS, PLAYER];

function books(version: Version, numbered = 0): readonly ChartBook[] {
  const xen = VERSIONS[version];
  return chartsOf({ patches: patchesOf(xen), numbered, typeNames: p2mTypeNames(xen, numbered) }, ALL);
}
interface Look {
  readonly shown?: readonly string[];
  readonly phone?: boolean;
  readonly aspect?: number;
}
function plans(book: ChartBook, { shown, phone = false, aspect = 0 }: Look = {}): ChartPlan[] {
  const cast = castOf(book, (leaf) => !shown || shown.includes(leaf));
  const names = cast.leaves.map((leaf) => nameOf(book, cast, leaf, []));
  const drawn = (narrow: boolean) => arrowsDrawn(book, cast, measure, narrow);
  return plansOf(book, cast, boxSizes(book, cast, names, measure, phone), drawn, phone, aspect);
}
/** Versions that differ in what they have of a chart, the oldest of each. */
function distinct(chart: string, numbered = 0): [Version, ChartBook][] {
  const seen = new Map<string, [Version, ChartBook]>();
  for (const version of versions) {
    const book = books(version, numbered).find(({ name }) => name === chart)!;
    const key = [...book.standing]
      .map(([id, stands]) => id + stands.is + ('patch' in stands ? stands.patch.id : ''))
      .join();
    if (!seen.has(key)) seen.set(key, [version, book]);
  }
  return [...seen.values()];
}

const CORE = ['ram_rw', 'ram_logdirty', 'ram_ro', 'mmio_dm', 'ioreq_server'];

/** Pairs of things that lie on one another. */
function clashes(plan: ChartPlan): string[] {
  const labels = plan.paths.map(({ drawn, label }) => [`label ${drawn.id}`, label] as const);
  const things: (readonly [string, Box])[] = [
    ...[...plan.boxes].map(([id, box]) => [`box ${id}`, box] as const),
    ...labels,
  ];
  return things.flatMap(([a, one], i) =>
    things.slice(i + 1).flatMap(([b, other]) => (overlap(shrunk(one), shrunk(other)) ? [`${a} on ${b}`] : [])),
  );
}
/** Neighbours may touch. */
const shrunk = ({ x, y, w, h }: Box): Box => ({ x: x + 0.5, y: y + 0.5, w: w - 1, h: h - 1 });

describe.each(ALL.map(({ name }) => name))('the chart %s', (chart) => {
  const numbered = chart === 'page-type' || chart === 'claim' ? [0, 4] : [0];
  const cases = numbered.flatMap((n) => distinct(chart, n).map(([version, book]) => [version, n, book] as const));

  test.each(cases)('at %s with %i numbered types has no label on a box or on another label', (_version, _n, book) => {
    const looks: Look[] = [{}, { phone: true }];
    if (chart === 'page-type')
      looks.push(
        { shown: CORE },
        { shown: CORE, phone: true },
        { shown: [...CORE, 'ram_shared', 'grant_map_rw'], aspect: 0.8 },
      );
    for (const look of looks)
      for (const plan of plans(book, look)) expect({ look, clashes: clashes(plan) }).toEqual({ look, clashes: [] });
  });

  test('ends each arrow at the edge of its states, inside the drawing', () => {
    for (const plan of plans(books('claim').find(({ name }) => name === chart)!)) {
      const at = (id: string): Box => plan.boxes.get(id) ?? plan.rounds.get(id)!;
      const gap = ({ x, y }: { x: number; y: number }, box: Box): number =>
        Math.max(box.x - x, x - box.x - box.w, box.y - y, y - box.y - box.h, 0);
      for (const { drawn, start, dot, tip, label } of plan.paths) {
        expect([drawn.id, gap(tip, at(drawn.to)) < 1]).toEqual([drawn.id, true]);
        if (!dot) expect([drawn.id, gap(start, at(drawn.from!)) < 1]).toEqual([drawn.id, true]);
        expect([drawn.id, label.x >= -1 && label.x + label.w <= plan.w + 1]).toEqual([drawn.id, true]);
      }
    }
  });
});

test('arrows with the same ends are one, with a line for each; what comes from nearly everywhere comes out of nowhere', () => {
  const book = books('claim')[0]!;
  const cast = castOf(book, (leaf) => CORE.includes(leaf));
  const drawn = arrowsDrawn(book, cast, measure, false);
  const lines = (id: string) => drawn.find((one) => one.id === id)?.lines.map(({ text }) => text);
  expect(lines('ram_logdirty>ram_rw')).toEqual(['set_mem_type', 'write fault', 'recalc']);
  expect(lines('>ram_rw')).toEqual(['page added, from 12']);
  expect(lines('ram_ro>ioreq_server')).toEqual(['set_mem_type', 'not since ca2b511d3f']);
  expect(drawn.filter(({ ghost }) => ghost).map(({ id }) => id)).toEqual([
    'ram_logdirty>ioreq_server',
    'ram_ro>ioreq_server',
  ]);
});

test('a state that comes into sight moves no other to another place of the grid', () => {
  const book = books('claim')[0]!;
  const order = (shown: readonly string[]) => {
    const [plan] = plans(book, { shown });
    return CORE.toSorted(
      (a, b) => plan!.boxes.get(a)!.y - plan!.boxes.get(b)!.y || plan!.boxes.get(a)!.x - plan!.boxes.get(b)!.x,
    );
  };
  expect(order([...CORE, 'ram_shared', 'grant_map_rw', 'ram_paged'])).toEqual(order(CORE));
});

test('a state with one part shown is drawn as that part, under its own name; with several it is drawn round them', () => {
  const [one, four] = [0, 4].map((n) => books('claim', n).find(({ name }) => name === 'claim')!);
  const cast = castOf(one!, () => true);
  expect([cast.alias('claimed'), nameOf(one!, cast, 'claimed.write', [])]).toEqual(['claimed.write', 'claimed']);
  expect([...plans(four!)[0]!.rounds.keys()]).toEqual(['claimed']);
});

test('a chart is never drawn smaller than its letters can be read, nor larger than twice', () => {
  expect(scaleOf({ w: 700, h: 400 }, { w: 350, h: 400 })).toBe(1);
  expect(scaleOf({ w: 700, h: 400 }, { w: 1050, h: 800 })).toBe(1.5);
  expect(scaleOf({ w: 100, h: 100 }, { w: 1000, h: 1000 })).toBe(2);
});

test('of the ways to lay a chart out the first that fits is taken, else the one that nearly does', () => {
  const plan = (w: number, h: number): ChartPlan => ({ w, h, boxes: new Map(), rounds: new Map(), paths: [] });
  const [tall, flat] = [plan(100, 400), plan(400, 100)];
  expect(fitting([tall, flat], { w: 500, h: 500 })).toBe(tall);
  expect(fitting([tall, flat], { w: 420, h: 200 })).toBe(flat);
  expect(fitting([tall, flat], { w: 300, h: 50 })).toBe(flat);
});
