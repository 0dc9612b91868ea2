import { expect, test } from 'vitest';
import type { Actor } from '../engine/trace';
import { chainMarks } from './lane-chain';
import { frameOf } from './lane-frame';
import { evenScale } from './lane-window';
import type { Plane } from './lane-picture';

const SHOWN: Actor[] = ['vcpu0', 'xen', 'xengt'];
const plane = (down: boolean): Plane => ({ width: 400, height: 400, down, lanes: [40, 120, 200], text: 15, r: 4 });
const link = (step: number, actor: Actor) => ({ step, index: 0, actor });
const CHAIN = [link(5, 'vcpu0'), link(11, 'xen'), link(12, 'xen'), link(30, 'xengt')];
const placed = new Map([
  ['11:0', { x: 111, y: 120 }],
  ['12:0', { x: 120, y: 120 }],
]);

const marks = (first: number, last: number, down = false) =>
  chainMarks(plane(down), CHAIN, SHOWN, placed, {
    scale: evenScale({ from: first - 1, to: last }, 100, 380),
    first,
    last,
    start: 100,
    end: 380,
  });

test('each cause is linked to what it led to; a link stops short of the circles and points at the effect', () => {
  const { links, stubs, points } = marks(1, 40);
  expect(stubs).toEqual([]);
  expect(links.map(({ key }) => key)).toEqual(['5:0 11:0', '11:0 12:0', '12:0 30:0']);
  expect(points.map(({ y }) => y)).toEqual([40, 120, 120, 200]);
  expect(links[1]).toMatchObject({ x1: 114, x2: 117, y1: 120, y2: 120 });
  expect(links.every(({ head }) => head !== '')).toBe(true);
});

test('what lies outside ends at the edge in the lane where it is, and is told by its step', () => {
  const { links, stubs } = marks(10, 20);
  expect(stubs).toEqual([
    { step: 5, side: -1, events: 1, x: 92, y: 40 },
    { step: 30, side: 1, events: 1, x: 388, y: 200 },
  ]);
  expect(links.map(({ x1, x2 }) => [Math.round(x1), Math.round(x2)])).toEqual([
    [92, 110],
    [114, 117],
    [125, 388],
  ]);
  // No head where the link goes on beyond the edge.
  expect(links.map(({ head }) => head !== '')).toEqual([true, true, false]);
});

test('between two events beyond the same edge nothing is drawn; beyond both edges the link passes through', () => {
  expect(marks(31, 40)).toMatchObject({ links: [], stubs: [{ step: 30, side: -1, events: 4 }] });
  const { links, stubs } = marks(13, 20);
  expect(links.map(({ key, x1, x2 }) => [key, x1, x2])).toEqual([['12:0 30:0', 92, 388]]);
  expect(stubs.map(({ step, events }) => [step, events])).toEqual([
    [12, 3],
    [30, 1],
  ]);
});

test('where time runs down the edges are above and below', () => {
  expect(marks(10, 20, true).stubs.map(({ x, y }) => [x, y])).toEqual([
    [40, 92],
    [200, 388],
  ]);
});

test('an event is about the frame that it names, by number or by address; an access to a port is about none', () => {
  const about = (params: object) => frameOf({ params });
  expect(about({ gfn: 0x1a4c3, gpa: 0x1a4c31e8 })).toBe(0x1a4c3);
  expect(about({ gpa: 0x1a4c31e8 })).toBe(0x1a4c3);
  expect(about({ gpa: 0x3c4 })).toBeNull();
  expect(about({ gfn: 0, port: 0x3c4 })).toBeNull();
  expect(about({ server: 1 })).toBeNull();
});
