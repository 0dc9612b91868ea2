import { describe, expect, test } from 'vitest';
import type { Op } from '../engine/config';
import { parsed, problems, SMALL } from './format-testing';

const guest = (...vcpus: object[][]) => ({ ...SMALL, vcpus });
const programs = (...vcpus: object[][]): readonly (readonly Op[])[] => parsed(guest(...vcpus)).config.programs;
const read = (gpa: number) => ({ op: 'read', gpa });
const reads = (...gpas: number[]) => gpas.map((gpa) => ({ op: 'read', gpa, size: 8 }));
const loop = (times: number, stride: number, ...body: object[]) => ({ op: 'loop', times, stride, body });

describe('a loop', () => {
  test('is written out, each round so many bytes further on', () => {
    expect(programs([read(8), loop(3, 16, read(0), read(4096)), read(8)])[0]).toEqual(
      reads(8, 0, 4096, 16, 4112, 32, 4128, 8),
    );
  });

  test('in a loop moves with both', () => {
    expect(programs([loop(2, 4096, loop(2, 8, read(0)), read(64))])[0]).toEqual(reads(0, 8, 64, 4096, 4104, 4160));
    expect(programs([loop(2, -8, read(64))])[0]).toEqual(reads(64, 56));
  });

  test('that goes nowhere costs one object an operation', () => {
    const [program] = programs([loop(1000, 0, read(0), { op: 'write', gpa: 8, value: 1 })]);
    expect(program).toHaveLength(2000);
    expect(new Set(program).size).toBe(2);
  });

  test('moves what the driver binds, and gives each round a buffer of its own', () => {
    const bind = { op: 'bind', gma: 0x100000, size: '8 KiB' };
    const unbind = { op: 'unbind', gma: 0x100000, size: '8 KiB' };
    expect(programs([loop(2, 8192, bind, { ...bind, gma: 0, gpa: 0x300000 }, unbind)])[0]).toEqual([
      { op: 'bind', gma: 0x100000, pages: 2, gfn: 0x800 },
      { op: 'bind', gma: 0, pages: 2, gfn: 0x300 },
      { op: 'unbind', gma: 0x100000, pages: 2 },
      { op: 'bind', gma: 0x102000, pages: 2, gfn: 0x802 },
      { op: 'bind', gma: 0x2000, pages: 2, gfn: 0x302 },
      { op: 'unbind', gma: 0x102000, pages: 2 },
    ]);
  });

  const deep = loop(1, 0, loop(1, 0, loop(1, 0, loop(1, 0, read(0)))));
  test.each([
    [[loop(0, 0)], 'vcpus[0][0].times: is below 1'],
    [[{ op: 'loop', body: [] }], 'vcpus[0][0].times: is missing | For example "times": 100'],
    [[loop(2, 0.5, read(0))], 'vcpus[0][0].stride: must be a whole number | Perhaps 1.'],
    [
      [loop(2, 0, read(0), loop(3, 0, { op: 'raed' }))],
      /^vcpus\[0\]\[0\]\.body\[1\]\.body\[0\]\.op: must be one of .* \| Perhaps "read" is meant\.$/,
    ],
    [[deep], 'vcpus[0][0].body[0].body[0].body[0].times: lies in more than 3 loops, one in the other'],
    [
      [read(0), loop(2, 4, read(0))],
      "vcpus[0][1].body[0].gpa: an access of 8 bytes must be aligned to 8 | The loop's stride must be a multiple of 8.",
    ],
    [[loop(5000, 4096, read(0))], /^vcpus\[0\]\[0\]\.body\[0\]\.gpa: lies neither in the guest's RAM/],
    [[loop(3, -8, read(8))], /^vcpus\[0\]\[0\]\.body\[0\]\.gpa: lies neither in the guest's RAM/],
    [
      [loop(2, 8, { op: 'bind', gma: 0, size: 4096 })],
      "vcpus[0][0].body[0].gma: must be the start of a 4 KiB page | The loop's stride must be a multiple of 4096.",
    ],
    [
      [loop(1001, 0, loop(1000, 0, read(0)))],
      'vcpus[0]: comes to 1001000 operations with its loops written out: all programs together may have 1000000 | Take fewer rounds of a loop, or fewer random accesses.',
    ],
    [[loop(1_000_000, 0, loop(1_000_000, 0))], /^vcpus\[0\]: comes to 1000000000000 operations/],
  ])('%j is refused', (program, problem) => {
    expect(problems(guest(program))[0]).toEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });

  test('with a mistake is told of once', () => {
    expect(problems(guest([loop(100, 0, read(1), read(2))]))).toHaveLength(2);
  });
});

describe('random accesses', () => {
  const random = (more: object = {}) => ({ op: 'random', accesses: 500, from: 0x200000, to: 0x201000, ...more });

  test('lie aligned in their range, of the kinds that are named', () => {
    const [program] = programs([random({ size: 2, kinds: ['write', 'rmw'] })]);
    expect(program).toHaveLength(500);
    const kinds = new Set<string>();
    for (const op of program!) {
      if (op.op !== 'write' && op.op !== 'rmw') return expect.fail(op.op);
      kinds.add(op.op);
      expect(op.gpa % 2).toBe(0);
      expect(op.gpa).toBeGreaterThanOrEqual(0x200000);
      expect(op.gpa + op.size).toBeLessThanOrEqual(0x201000);
      expect(op.high).toBe(0);
      expect(op.low).toBeLessThan(0x10000);
    }
    expect(kinds).toEqual(new Set(['write', 'rmw']));
    expect(new Set(program!.map((op) => 'gpa' in op && op.gpa)).size).toBeGreaterThan(400);
  });

  test('reach the first and the last place, and are reads and writes if nothing is said', () => {
    const [program] = programs([random({ to: 0x200010 })]);
    expect(new Set(program!.map((op) => `${op.op} ${'gpa' in op ? op.gpa - 0x200000 : ''}`))).toEqual(
      new Set(['write 0', 'write 8', 'read 0', 'read 8']),
    );
  });

  test('are the same for the same seed, others for another, and go on from round to round', () => {
    const one = programs([random({ seed: 5 })])[0];
    expect(programs([random({ seed: 5 })])[0]).toEqual(one);
    expect(programs([random({ seed: 6 })])[0]).not.toEqual(one);
    expect(programs([loop(2, 0, random({ seed: 5, accesses: 250 }))])[0]).toEqual(one);
    const [a, b] = programs([random(), random()], [random()]);
    expect(a!.slice(500)).not.toEqual(a!.slice(0, 500));
    expect(b).not.toEqual(a!.slice(0, 500));
    expect(parsed({ ...guest([random()]), seed: 99 }).config.programs[0]).not.toEqual(a!.slice(0, 500));
  });

  test.each([
    [random({ accesses: 1_000_001 }), 'vcpus[0][0].accesses: is above 1000000'],
    [
      random({ from: 0x200004 }),
      'vcpus[0][0].from: an access of 8 bytes must be aligned to 8 | The one below is "0x200000".',
    ],
    [random({ to: 0x200004 }), 'vcpus[0][0].to: must lie behind "from", by one access at least'],
    [
      random({ to: 0x2000000 }),
      /^vcpus\[0\]\[0\]\.to: not all in between lies in the guest's RAM \(16 MiB\) or in a hole/,
    ],
    [random({ kinds: ['exec'] }), 'vcpus[0][0].kinds[0]: must be one of "write", "read", "rmw"'],
    [random({ kinds: [] }), 'vcpus[0][0].kinds: is empty'],
  ])('%j is refused', (op, problem) => {
    expect(problems(guest([op]))[0]).toEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });
});

test('a million accesses, however they are written', () => {
  const each = { op: 'write', gpa: 0x200000, value: 1 };
  expect(programs([loop(1000, 8, loop(1000, 0, each))])[0]).toHaveLength(1_000_000);
  expect(
    programs([{ op: 'random', accesses: 600_000, from: 0, to: 4096 }], [loop(400_000, 0, each)]).map((p) => p.length),
  ).toEqual([600_000, 400_000]);
});
