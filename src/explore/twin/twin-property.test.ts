// Sides that are the same never part, and each run of a comparison is the run that anybody would make of it.
import { fc, test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import { History } from '../../engine/history';
import { PRESETS } from '../../engine/patches';
import { World } from '../../engine/world';
import { readScenario } from '../../scenarios/base';
import { Commands, Drive } from '../../scenarios/drive';
import { resultOf } from '../last';
import { twinJob } from './job';
import { Line } from './line';
import { inOrder, Order, sameOrder } from './order';
import { sideOf, TwinRun } from './run';

const page = fc.integer({ min: 0x200, max: 0x203 });
const address = fc.tuple(page, fc.integer({ min: 0, max: 511 })).map(([gfn, entry]) => hex(gfn * 4096 + entry * 8));
const hex = (n: number): string => `0x${n.toString(16)}`;
const value = fc.integer({ min: 0, max: 0xffff }).map(hex);
const op = fc.oneof(
  fc.record({ op: fc.constant('write'), gpa: address, value }),
  fc.record({ op: fc.constant('read'), gpa: address }),
  fc.record({ op: fc.constant('rmw'), how: fc.constantFrom('or', 'add'), gpa: address, value }),
  fc.record({ op: fc.constant('bind'), gma: fc.constantFrom('0x1000', '0x20_0000'), size: fc.constant('8 KiB') }),
  fc.record({ op: fc.constant('stos'), gpa: fc.constant('0x200ff0'), value, count: fc.constant(6) }),
);
const program = fc.array(op, { maxLength: 6 }).map((ops) => [{ op: 'ppgtt_create' }, ...ops]);
const file = fc.record({
  format: fc.constant(2),
  title: fc.constant('any'),
  version: fc.constantFrom(...PRESETS.map(({ name }) => name)),
  guest: fc.constant({ memory: '16 MiB', tables: 'contiguous' }),
  seed: fc.integer({ min: 0, max: 1000 }),
  toolstack: fc.constantFrom([], [{ op: 'wait', vcpu: 0, done: 1 }, { op: 'detach' }, { op: 'attach' }]),
  vcpus: fc.tuple(
    program,
    fc.array(
      op.filter((one) => one.op !== 'bind'),
      { maxLength: 4 },
    ),
  ),
});
const version = fc.constantFrom(...PRESETS.map(({ name }) => name));

async function plain(
  scenario: unknown,
  changes: { version?: string },
): Promise<{ hash: string; costs: unknown; steps: number }> {
  const read = await readScenario(scenario, changes);
  if (!read.ok) throw new Error(read.problems[0]!.message);
  const { config, schedule, acts, steps: most } = read.scenario;
  const commands = new Commands();
  const history = new History(new World({ ...config, commands: commands.list }));
  const drive = new Drive(history, { schedule, acts, lenient: true, most }, commands, () => undefined);
  while (!drive.advance(1000));
  return { hash: history.world.store.hash(), costs: history.world.costs, steps: history.length };
}

property.prop([file, version], { numRuns: 25 })(
  'equal sides never part; each run is as any other',
  async (scenario, other) => {
    const variants = [{}, {}, { version: other }];
    const found = await resultOf(twinJob({ scenario, variants }));
    const runs = await Promise.all(variants.map((changes) => plain(scenario, changes)));
    expect(found.sides.map(({ hash, costs, steps }) => ({ hash, costs, steps }))).toEqual(runs);
    // The first two are the same in all.
    expect(found.window.groups[1]).toEqual(new Uint8Array(found.window.to - found.window.from));
    expect(found.pin?.groups.slice(0, 2) ?? [0, 0]).toEqual([0, 0]);
    const [a, b] = found.window.rows;
    expect(b).toEqual(a);
    const alone = await resultOf(twinJob({ scenario, variants: variants.slice(0, 2) }));
    expect([alone.pin, alone.differ]).toEqual([null, { all: 0, seen: 0, order: 0 }]);
    // Every instruction of each side has its place, once.
    found.sides.forEach(({ instructions }, side) => {
      expect(found.window.rows[side]!.filter((row) => row !== null)).toHaveLength(instructions);
    });
  },
);

property.prop([file], { numRuns: 25 })('a side in its own order does what it did', async (scenario) => {
  const side = await sideOf(scenario, {});
  const [line, order] = [new Line(), new Order()];
  const run = new TwinRun(side, line, (one) => order.note(one));
  while (!run.advance(1000));
  order.end(run);
  const turns = inOrder(side, order);
  let next = turns.next();
  while (!next.done) next = turns.next();
  const told = (of: Line) => Array.from({ length: of.length }, (_, n) => [of.vcpu[n], of.pc[n], of.k[n], of.sight[n]]);
  expect(told(next.value)).toEqual(told(line));
  expect([order.choices.length, sameOrder(order, order, order.choices.length)]).toEqual([run.world.steps, true]);
});
