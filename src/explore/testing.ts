/** For tests: a claimed type on two frames, two vCPUs that write them, and a toolstack that has XenGT let go and claim again. */
export const TWO_FRAMES = {
  format: 2,
  title: 'Two frames, two vCPUs',
  version: 'claim',
  guest: { memory: '16 MiB', mapping: '2 MiB', tables: 'contiguous' },
  acts: [{ step: 5, do: 'set_mem_type first_pfn=0x200 nr=2 type=HVMMEM_ioreq_server' }],
  toolstack: [{ op: 'wait', vcpu: 0, done: 1 }, { op: 'detach' }, { op: 'attach' }],
  vcpus: [
    [
      { op: 'write', gpa: '0x20_0000', value: '0x1' },
      { op: 'rmw', how: 'or', gpa: '0x20_1000', value: '0x2' },
      { op: 'write', gpa: '0x20_0008', value: '0x1' },
    ],
    [
      { op: 'write', gpa: '0x20_1000', value: '0x4' },
      { op: 'read', gpa: '0x20_0000' },
      { op: 'write', gpa: '0x20_0008', value: '0x1' },
    ],
  ],
};
/** Steps after which both frames are of type 15 and the guest runs. */
export const TWO_FRAMES_FROM = 6;

export const BOUNDS = { depth: 1000, states: 1_000_000 };
