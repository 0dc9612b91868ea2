import { expect, test } from 'vitest';
import type { Actor } from '../../engine/trace';
import { overlap } from '../../layout/labels';
import { STEP_KINDS } from '../../worker/protocol';
import { columnAt } from './far';
import { nowOn } from './ground';
import { laneLabels, nowKey, type Lit } from './labels';
import { event, infoOf, sceneIn, windowIn, WRITE } from './testing';
import { twinOfEvents, twinOfFar } from './twin';

const FONT = '12px sans-serif';
const NONE: Lit = { keys: new Set(), chosen: null, lines: [], stubs: [] };
const wide = { width: 800, height: 180 };
const low = { width: 800, height: 130 };
const phone = { width: 358, height: 480 };

test.each([wide, phone])('events, messages, now and what is to come (%j)', (size) => {
  const { ground, marks } = sceneIn(size, WRITE, 4);
  const now = nowOn(ground, 4).at!;
  expect(marks!.arrows.map(({ step, to }) => [step, to])).toEqual([
    [2, '2:0'],
    [4, '4:0'],
  ]);
  expect(marks!.dots.map(({ x, y }) => (ground.plane.down ? y : x) > now)).toEqual([false, false, false, false, true]);
  expect(marks!.placed.get(nowKey(marks!.dots, 4)!)?.text).toBe('INPROCESS');
  const labels = laneLabels(marks!, ground, 4, FONT, NONE);
  expect(labels.find(({ bold }) => bold)?.text).toBe('INPROCESS');
  for (const [i, a] of labels.entries()) for (const b of labels.slice(i + 1)) expect(overlap(a.box, b.box)).toBe(false);
});

test('a lock says whose frame it keeps', () => {
  expect(sceneIn(wide, WRITE, 4).marks!.locks.map(({ name }) => name)).toEqual(['gfn lock 0x1a4c3']);
});

test.each([wide, phone])('the lane of a vCPU that stopped ends there, in the past or still to come (%j)', (size) => {
  const endAt = (step: number) => sceneIn(size, { ...WRITE, ends: [{ actor: 'vcpu0', at: step }] }, 4).ends;
  const { ground, ends } = sceneIn(size, WRITE, 4);
  const now = nowOn(ground, 4).at!;
  expect(ends.every((end) => end === null)).toBe(true);
  expect(endAt(3)[0]!.at).toBeLessThan(now);
  expect(endAt(5)[0]!.at).toBeGreaterThan(now);
  expect([endAt(3)[0]!.step, endAt(5)[0]!.step]).toEqual([3, 5]);
  expect(
    endAt(3)
      .slice(1)
      .every((end) => end === null),
  ).toBe(true);
});

test('on AMD an exit is called as AMD calls it', () => {
  const first = (paging: 'ept' | 'npt') =>
    sceneIn(wide, WRITE, 4, { info: infoOf(5, { paging }) }).marks!.dots[0]!.text;
  expect([first('ept'), first('npt')]).toEqual(['EPT violation', 'NPF']);
});

test('on a phone idle lanes are counted, not drawn', () => {
  const { ground } = sceneIn(phone, WRITE, 4);
  expect(ground.rows.map(({ name }) => name)).toEqual(['vCPU 0', 'Xen', 'XenGT']);
  expect(ground.hidden).toBe('3 idle');
});

test('where many wait, those who only wait share a line', () => {
  const lanes: Actor[] = [...Array.from({ length: 8 }, (_, i): Actor => `vcpu${i}`), 'xen', 'xengt', 'toolstack'];
  const waits = Array.from({ length: 6 }, (_, i) => ({ actor: `vcpu${i}` as const, from: 1, to: 5 }));
  const { ground } = sceneIn(wide, { ...WRITE, waits }, 4, { info: infoOf(5, { lanes }) });
  expect(ground.rows.map(({ name }) => name)).toEqual(['vCPU 0', 'Xen', 'XenGT', '5 wait, 3 idle']);
});

test('where the step is followed only the steps that fit are drawn, those round now', () => {
  const { ground, window } = sceneIn(phone, { ...WRITE, to: 500 }, 250, { info: infoOf(500) });
  expect(ground.first).toBeGreaterThan(1);
  expect(ground.first <= 250 && ground.last >= 250).toBe(true);
  expect(window).toEqual({ from: ground.first - 1, to: ground.last });
});

const lostRun = (to: number, complete: boolean) =>
  sceneIn(
    wide,
    {
      ...WRITE,
      to,
      events: [...WRITE.events.slice(0, 3), event(5, 'xengt', 'dm.killed', { server: 1, outstanding: 0 }, null)],
      waits: [{ actor: 'vcpu0', from: 1, to: 6 }],
    },
    4,
    { info: infoOf(8, { complete }) },
  ).marks!.lost.map(({ key }) => key);

test('a request that nobody took before its wait was over ends in a cross; one that may still be taken does not', () => {
  expect(sceneIn(wide, WRITE, 4).marks!.lost).toEqual([]);
  expect(lostRun(8, true)).toEqual(['3:0']);
  expect(lostRun(6, true)).toEqual([]);
});

test('a step that broke an invariant is marked, and the message that led to it', () => {
  const kinds = Uint8Array.of(3, 0, 0, STEP_KINDS.indexOf('violation'), 0);
  const { marks } = sceneIn(wide, WRITE, 4, { info: infoOf(5, { kinds }) });
  expect(marks!.dots.filter(({ broke }) => broke).map(({ key }) => key)).toEqual(['4:0']);
  expect(marks!.arrows.map(({ broke }) => broke)).toEqual([false, true]);
});

test('a window of one’s own has even steps; those that are not known yet are bars', () => {
  const run = windowIn(wide, infoOf(100), { from: 0, to: 10 }, WRITE.events);
  const { ground, marks, far } = run;
  expect(ground.scale(2) - ground.scale(1)).toBeCloseTo(ground.scale(9) - ground.scale(8));
  expect(marks!.dots.map(({ key }) => key)).toEqual(['1:0', '2:0', '3:0', '4:0', '5:0']);
  const { acts } = far!.bins;
  expect([...acts].reduce((sum, n) => sum + n)).toBe(5);
  expect([far!.bins.first, far!.bins.size]).toEqual([0, 1]);
});

test('locks and waits of a window come from the columns of the whole run', () => {
  const past = {
    lockFrom: Uint32Array.of(2, 50),
    lockTo: Uint32Array.of(4, 60),
    waitVcpu: Uint8Array.of(0, 1),
    waitFrom: Uint32Array.of(1, 40),
    waitTo: Uint32Array.of(8, 90),
  };
  const { marks, ground } = windowIn(wide, infoOf(100, {}, past), { from: 0, to: 10 }, WRITE.events);
  expect(marks!.locks.map(({ x, w }) => [x, x + w])).toEqual([[ground.scale(2), ground.scale(4)]]);
  expect(marks!.waits.map(({ from, to }) => [from, to])).toEqual([[ground.scale(1), ground.scale(8)]]);
});

test('a long window shows how much each lane does, and every violation', () => {
  const kinds = new Uint8Array(100_000);
  kinds[77_776] = STEP_KINDS.indexOf('violation');
  const { marks, far, ground } = windowIn(low, infoOf(100_000, { kinds }), { from: 0, to: 100_000 });
  expect(marks).toBeNull();
  expect(far!.density.violations.map(({ step, steps }) => [step, steps])).toEqual([[77_777, 1]]);
  expect(ground.rows.map(({ name }) => name)).toContain('2 idle');
  const mark = far!.density.violations[0]!;
  expect(columnAt(far!, ground, mark.x + 3, mark.y)).toEqual({
    text: 'step 77\u202f777: a violation',
    step: 77_777,
  });
  const column = columnAt(far!, ground, ground.scale(1000), ground.plane.lanes[2]!)!;
  expect(column.text).toBe('steps 513 to 1\u202f024, Xen: acts in 128 steps');
  expect(columnAt(far!, ground, ground.scale(1000), ground.plane.height + 90)).toBeNull();
});

test('what is shown is told as text: events with their causes, or how much each lane does', () => {
  const { marks, ground } = sceneIn(wide, { ...WRITE, ends: [{ actor: 'vcpu0', at: 5 }] }, 4);
  const table = twinOfEvents(marks!, ground, () => 0);
  expect(table.caption).toBe('Events of steps 1 to 5');
  expect(table.rows.map(({ cells }) => cells.join('|'))).toEqual([
    'step 1|vCPU 0|EPT violation|begins by itself',
    'step 2|Xen|type 15: emulate|step 1',
    'step 3|Xen|slot READY|step 2',
    'step 4|XenGT|INPROCESS|step 3',
    'step 5|XenGT|guest entry 61|step 4',
    'step 5|vCPU 0|has stopped for good|',
  ]);
  const kinds = new Uint8Array(4000);
  kinds[11] = STEP_KINDS.indexOf('violation');
  kinds[12] = STEP_KINDS.indexOf('trapped');
  const long = windowIn(low, infoOf(4000, { kinds }), { from: 0, to: 4000 });
  expect(twinOfFar(long.far!, long.ground, () => 0).rows.map(({ cells }) => cells.join('|'))).toEqual([
    'vCPU 0|1\u202f000 steps|1 step|0 steps',
    'vCPU 1|1\u202f000 steps|0 steps|0 steps',
    'Xen|1\u202f000 steps|0 steps|0 steps',
    'XenGT|1\u202f000 steps|0 steps|0 steps',
    'step 12|a violation||',
  ]);
});
