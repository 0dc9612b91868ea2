/** For tests: one frame of a claimed type, one vCPU that writes it, a toolstack that makes plain RAM of it; few states. */
export const ONE_FRAME = {
  format: 2,
  title: 'One frame',
  version: 'claim',
  guest: { memory: '16 MiB', mapping: '2 MiB', tables: 'contiguous' },
  search: { from: 'domain.unpause', patches: ['lockThroughEmulation', 'rmwReads', 'asyncReset', 'syncSweep'] },
  toolstack: [
    { op: 'call', line: 'set_mem_type first_pfn=0x800 nr=1 type=HVMMEM_ioreq_server' },
    { op: 'call', line: 'set_mem_type first_pfn=0x800 nr=1 type=HVMMEM_ram_rw' },
  ],
  vcpus: [
    [
      { op: 'rmw', how: 'or', gpa: '0x80_0000', value: 1 },
      { op: 'write', gpa: '0x80_0000', value: 2 },
    ],
  ],
};
