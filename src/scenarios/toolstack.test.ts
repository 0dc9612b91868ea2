import { describe, expect, test } from 'vitest';
import { parseScenario } from './schema';

const read = { op: 'read', gpa: 0 };

/** Two vCPUs of two operations and of none, and this toolstack: the engine's, or each problem as one line. */
function toolstack(...ops: object[]): unknown {
  const result = parseScenario({
    format: 1,
    title: 'A guest',
    version: 'claim',
    guest: { memory: '16 MiB' },
    toolstack: ops,
    vcpus: [[read, read], []],
  });
  return result.ok
    ? result.scenario.config.toolstack
    : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

test('a toolstack waits for operations that are done, and takes frames', () => {
  expect(
    toolstack(
      { op: 'wait', vcpu: 0, done: 2 },
      { op: 'detach' },
      { op: 'attach' },
      { op: 'kill' },
      { op: 'log_dirty', on: true },
      { op: 'balloon', gpa: '0x30_0000', size: '8 KiB' },
      { op: 'call', line: 'set_mem_type first_pfn=0x200 nr=2 type=HVMMEM_ioreq_server' },
      { op: 'call', line: 'map_mem_type_to_ioreq_server id=1 flags=0' },
    ),
  ).toEqual([
    { op: 'wait', vcpu: 0, pc: 2 },
    { op: 'detach' },
    { op: 'attach' },
    { op: 'kill' },
    { op: 'log_dirty', on: true },
    { op: 'balloon', gfn: 0x300, frames: 2 },
    { op: 'call', command: { op: 'set_mem_type', first_pfn: 0x200, nr: 2, type: 4 } },
    { op: 'call', command: { op: 'map_mem_type_to_ioreq_server', id: 1, type: 4, flags: 0 } },
  ]);
});

describe('what is wrong is said with its place', () => {
  test.each([
    [{ op: 'reboot' }, 'op: must be one of "wait", "detach", "attach", "kill", "log_dirty", "balloon", "call"'],
    [{ op: 'wait', done: 0 }, 'vcpu: is missing'],
    [{ op: 'wait', vcpu: 2, done: 0 }, 'vcpu: there is no vCPU 2: must be below 2'],
    [{ op: 'wait', vcpu: 8, done: 0 }, 'vcpu: is above 7'],
    [{ op: 'wait', vcpu: 0, done: 3 }, 'done: vCPU 0 has 2 operations: must be from 0 to 2'],
    [{ op: 'wait', vcpu: 1, done: 1 }, 'done: vCPU 1 has 0 operations: must be from 0 to 0'],
    [{ op: 'log_dirty' }, 'on: is missing'],
    [{ op: 'log_dirty', on: 'yes' }, 'on: must be true or false'],
    [{ op: 'kill', vcpu: 0 }, 'vcpu: is no field of a scenario'],
    [{ op: 'balloon', gpa: 0x300, size: '4 KiB' }, 'gpa: must be the start of a 4 KiB page'],
    [{ op: 'balloon', gpa: 0x300000, size: 100 }, 'size: must be whole pages of 4 KiB, at least one'],
    [{ op: 'balloon', gpa: 0xfff000, size: '8 KiB' }, "gpa: not all of it is the guest's RAM (16 MiB)"],
    [{ op: 'balloon', gpa: 0x9f000, size: '8 KiB' }, "gpa: not all of it is the guest's RAM (16 MiB)"],
    [{ op: 'call' }, 'line: is missing'],
    [{ op: 'call', line: 'set_memtype' }, 'line: there is no "set_memtype"; did you mean set_mem_type?'],
    [{ op: 'call', line: 'set_mem_type type=ram_rw' }, 'line: set_mem_type needs first_pfn= as well'],
    [{ op: 'call', line: 'write gpa=0x300000 value=1' }, "line: must be a hypercall: an instruction is the guest's"],
    [{ op: 'call', line: 'vcpu0' }, 'line: must be a hypercall, not who goes on'],
    [{ op: 'call', line: 'schedule user' }, 'line: must be a hypercall, not who goes on'],
    [
      { op: 'call', line: 'set_mem_type first_pfn=0xfff nr=2 type=ram_rw' },
      'line: names frame 0x1000: the last is 0xfff',
    ],
    [{ op: 'call', line: 'add_to_physmap gfn=0x1000' }, 'line: names frame 0x1000: the last is 0xfff'],
  ])('%j', (op, problem) => {
    expect(toolstack({ op: 'detach' }, op)).toContain(`toolstack[1].${problem}`);
  });

  test('a list that is none, or too long', () => {
    const file = { format: 1, title: 'A', version: 'claim', guest: { memory: '16 MiB' }, vcpus: [[]] };
    expect(parseScenario({ ...file, toolstack: {} })).toMatchObject({
      problems: [{ path: 'toolstack', message: 'must be a list of operations' }],
    });
    expect(parseScenario({ ...file, toolstack: Array(1001).fill({ op: 'detach' }) })).toMatchObject({
      problems: [{ path: 'toolstack', message: 'has more than 1000 operations' }],
    });
  });
});
