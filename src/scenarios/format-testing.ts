/** Files of format 2 for tests: the least, one with everything in it, and what is said of a wrong one. */
import { parseScenario, type Scenario } from './schema';

export const SMALL = {
  format: 2,
  title: 'A guest',
  version: 'claim',
  guest: { memory: '16 MiB' },
  vcpus: [[]],
} as const;

/** Every field that the format has. */
export const EVERYTHING = {
  $schema: './scenario.schema.json',
  format: 2,
  title: 'Everything',
  text: 'A file with every field.',
  version: 'claim',
  patches: { on: ['rangeCheck'], off: ['rmwReads'] },
  guest: { memory: '16 MiB', mapping: '2 MiB', pool: 300, tables: 'contiguous', paging: 'EPT' },
  ranges: 64,
  seed: 7,
  start: 3,
  marks: [5, 9],
  costs: { exits: 1500 },
  steps: 4000,
  devices: { qemu: 'buffered' },
  toolstack: [
    { op: 'wait', vcpu: 0, done: 2 },
    { op: 'log_dirty', on: true },
    { op: 'balloon', gpa: '0x40_0000', size: '8 KiB' },
    { op: 'detach' },
    { op: 'call', line: 'set_mem_type first_pfn=0x300 nr=2 type=HVMMEM_ioreq_server' },
  ],
  design: 'xen',
  trackers: 1,
  oosThreshold: 2,
  oosPages: 100,
  executable: false,
  search: { from: 'vcpu0[1]', depth: 300, states: 100_000, patches: ['claim', 'rmwReads'] },
  schedule: { script: ['xengt', 'qemu', 'toolstack', 'vcpu0 x3', 'xengt take vcpu0'], then: 'user' },
  lesson: {
    number: 3,
    goal: 'Say who gets a write.',
    minutes: 15,
    level: 'changing',
    needs: ['first-light', 'a page table'],
  },
  prompts: [
    {
      before: 'vcpu0[1]',
      ask: 'outcome',
      gpa: '0x60_3008',
      text: 'What becomes of it?',
      after: 'It is sent to XenGT.',
    },
    { before: 'dm.sweep#2', ask: 'cost', cost: 'exits' },
    { before: 'toolstack[3]', ask: 'errno' },
    { before: 12, ask: 'xen' },
  ],
  narration: [
    { from: 0, text: 'The guest is still.' },
    { from: 'dm.claim', text: 'XenGT claims the type.' },
  ],
  screen: 'xen',
  look: { gfn: '0x603', gma: '0x2000_0000' },
  acts: [
    { step: 4, do: 'vcpu0' },
    { step: 9, do: 'set_mem_type first_pfn=0x200 nr=1 type=HVMMEM_ram_rw' },
    { step: 9, do: 'schedule user' },
  ],
  at: { step: 20, hash: '0123456789abcdef' },
  histories: [{ name: 'The other way', acts: [{ step: 2, do: 'xengt' }], step: 8 }],
  answers: [
    {
      step: 4,
      ask: 'cost',
      said: { ask: 'cost', cost: 'exits', count: 3 },
      confidence: 'think',
      truth: { ask: 'never', why: 'stuck' },
      saw: null,
      votes: { options: [{ ask: 'type', type: 'ram_rw' }, null], first: [3, 4], second: [6, 1] },
    },
    { step: 6, ask: 'value', said: null, truth: { ask: 'value', low: 1, high: 4294967295 } },
  ],
  vcpus: [
    [
      { op: 'ppgtt_create' },
      { op: 'bind', gma: '0x2000_0000', size: '4 KiB' },
      {
        op: 'loop',
        times: 3,
        stride: 16,
        body: [
          { op: 'write', gpa: '0x20_0000', value: 1 },
          { op: 'loop', times: 2, body: [{ op: 'read', gpa: '0x20_0008' }] },
        ],
      },
      { op: 'random', accesses: 4, from: '0x20_0000', to: '0x20_1000', kinds: ['rmw', 'write'], size: 4, seed: 9 },
    ],
    [
      { op: 'exec', gpa: '0x30_0000' },
      { op: 'stos', gpa: '0x30_0ff8', value: 7, count: 6, direction: 'down' },
      { op: 'hypercall', gpa: '0x30_0000', size: 4, value: 9 },
      { op: 'out', port: '0x3c4', value: 2 },
      { op: 'in', port: 3324, size: 4 },
    ],
  ],
} as const;

export function parsed(input: unknown): Scenario {
  const result = parseScenario(input);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.scenario;
}

/** Each problem as one line, its hint after a bar. */
export function problems(input: unknown): string[] {
  const result = parseScenario(input);
  if (result.ok) return [];
  return result.problems.map(
    ({ path, message, hint }) => `${path}: ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}
