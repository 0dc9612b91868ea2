import { describe, expect, test } from 'vitest';
import { BAR } from '../engine/guest-layout';
import { parseScenario } from './schema';

/** The guest of 16 MiB with these operations on vCPU 0: the engine's, or each problem as one line. */
function program(...ops: object[]): unknown {
  const result = parseScenario({
    format: 1,
    title: 'A guest',
    version: 'claim',
    guest: { memory: '16 MiB' },
    vcpus: [ops],
  });
  return result.ok
    ? result.scenario.config.programs[0]
    : result.problems.map(({ path, message }) => `${path}: ${message}`);
}
const RAM = 0x300000;
const PLACES = "the guest's RAM (16 MiB) nor in a hole for devices (0xa0000 to 0xbffff, 0xf0000000 to 0xffffffff)";

describe('operations of a vCPU', () => {
  test('say what the engine needs to know, and have defaults for the rest', () => {
    expect(
      program(
        { op: 'exec', gpa: RAM + 1 },
        { op: 'stos', gpa: RAM, value: '0x1_0000_0002', count: 3 },
        { op: 'stos', gpa: RAM + 6, size: 2, value: 7, count: 4, direction: 'down' },
        { op: 'hypercall', gpa: RAM, size: 4, value: 9 },
        { op: 'out', port: '0x3c4', value: 2 },
        { op: 'out', port: 0xcf8, size: 4, value: '0x8000_1000' },
        { op: 'in', port: 0xffff },
      ),
    ).toEqual([
      { op: 'exec', gpa: RAM + 1 },
      { op: 'stos', gpa: RAM, size: 8, low: 2, high: 1, count: 3, down: false },
      { op: 'stos', gpa: RAM + 6, size: 2, low: 7, high: 0, count: 4, down: true },
      { op: 'hypercall', gpa: RAM, size: 4, low: 9, high: 0 },
      { op: 'out', gpa: 0x3c4, size: 1, low: 2, high: 0 },
      { op: 'out', gpa: 0xcf8, size: 4, low: 0x80001000, high: 0 },
      { op: 'in', gpa: 0xffff, size: 1 },
    ]);
  });

  test('may go anywhere in RAM, in the VGA memory and in the PCI hole, to their last byte', () => {
    const edges = [0, 0x9fff8, 0xa0000, 0xbfff8, 0xffff8, 0xfffff8, BAR.start, BAR.end - 7, 0xf4000000, 0xfffffff8];
    expect(program(...edges.map((gpa) => ({ op: 'read', gpa })))).toEqual(
      edges.map((gpa) => ({ op: 'read', gpa, size: 8 })),
    );
  });

  test('of a string may pass from one place to the next, in its own direction', () => {
    const into = { op: 'stos', gpa: 0x9fff8, value: 0, count: 4096 };
    const back = { op: 'stos', gpa: 0xa0000, value: 0, count: 4096, direction: 'down' };
    expect(program(into, back)).toMatchObject([
      { down: false, count: 4096 },
      { down: true, count: 4096 },
    ]);
  });
});

describe('what is wrong with an operation is said with its place', () => {
  test.each([
    [{ op: 'exec' }, 'gpa: is missing'],
    [{ op: 'exec', gpa: 0x1000000 }, `gpa: lies neither in ${PLACES}`],
    [{ op: 'read', gpa: 0x1000000 }, `gpa: lies neither in ${PLACES}`],
    [{ op: 'read', gpa: '0xefff_fff8' }, `gpa: lies neither in ${PLACES}`],
    [{ op: 'read', gpa: '0x1_0000_0000' }, `gpa: lies neither in ${PLACES}`],
    [{ op: 'hypercall', gpa: RAM, size: 16, value: 0 }, 'size: must be 1, 2, 4 or 8 (bytes)'],
    [{ op: 'hypercall', gpa: RAM, size: 1, value: 256 }, 'value: does not fit in 1 byte'],
    [{ op: 'hypercall', gpa: RAM + 4, value: 0 }, 'gpa: an access of 8 bytes must be aligned to 8'],
    [{ op: 'stos', gpa: RAM, value: 0 }, 'count: is missing'],
    [{ op: 'stos', gpa: RAM, value: 0, count: 0 }, 'count: is below 1'],
    [{ op: 'stos', gpa: RAM, value: 0, count: 4097 }, 'count: is above 4096'],
    [{ op: 'stos', gpa: RAM, value: 0, count: 1.5 }, 'count: must be a whole number'],
    [{ op: 'stos', gpa: RAM + 2, size: 4, value: 0, count: 1 }, 'gpa: an access of 4 bytes must be aligned to 4'],
    [{ op: 'stos', gpa: RAM, size: 2, value: '0x1_0000', count: 2 }, 'value: does not fit in 2 bytes'],
    [{ op: 'stos', gpa: 0xfffff8, value: 0, count: 2 }, `count: the last element lies neither in ${PLACES}`],
    [
      { op: 'stos', gpa: 8, value: 0, count: 3, direction: 'down' },
      `count: the last element lies neither in ${PLACES}`,
    ],
    [
      { op: 'stos', gpa: BAR.start, value: 0, count: 2, direction: 'down' },
      `count: the last element lies neither in ${PLACES}`,
    ],
    [{ op: 'stos', gpa: RAM, value: 0, count: 1, direction: 'left' }, 'direction: must be one of "up", "down"'],
    [{ op: 'out', gpa: 0x3c4, value: 0 }, 'port: is missing'],
    [{ op: 'out', port: 0x10000, value: 0 }, 'port: a port is below 0x10000'],
    [
      { op: 'out', port: 'COM1', value: 0 },
      'port: "COM1" is no number of up to 64 bits; write it like "0x2f81_7000" or 4096',
    ],
    [{ op: 'out', port: 0x3c4, size: 8, value: 0 }, 'size: must be 1, 2 or 4 (bytes)'],
    [{ op: 'out', port: 0x3c4, value: 256 }, 'value: does not fit in 1 byte'],
    [{ op: 'in', port: 0xfffe, size: 4 }, 'port: 4 bytes from there reach past port 0xffff'],
    [{ op: 'in', port: 0x3c4, value: 1 }, 'value: is no field of a scenario'],
  ])('%j', (op, problem) => {
    expect(program({ op: 'read', gpa: 0 }, op)).toContain(`vcpus[0][1].${problem}`);
  });
});
