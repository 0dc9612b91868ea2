/**
 * The claim on a type: who may have it, and what a release leaves behind. One instance for type 15, one for each numbered
 * type. Xen: xen/arch/x86/mm/p2m.c: p2m_set_ioreq_server; hvm/ioreq.c: hvm_map_mem_type_to_ioreq_server; hvm/dm.c:
 * set_mem_type; mm/hap/hap.c: hap_enable_log_dirty.
 */
import { charts, defineChart, effect, refuse, when } from './chart';

/** Looked at first, in this order, whoever holds the type. */
const UNFIT = [
  { guard: when({ lacks: 'claim' }), actions: refuse('EOPNOTSUPP', 'noClaim') },
  { guard: when({ if: 'noHap' }), actions: refuse('EOPNOTSUPP', 'noHap') },
  { guard: when({ if: 'reserved' }), actions: refuse('EOPNOTSUPP', 'reserved') },
  { guard: when({ if: 'meaningless' }), actions: refuse('EINVAL', 'meaningless') },
  { guard: when({ if: 'noServer' }), actions: refuse('ENOENT', 'noServer') },
] as const;
const HELD = [...UNFIT, { actions: refuse('EBUSY', 'held') }] as const;
const OUTSTANDING = [...UNFIT, { actions: refuse('EBUSY', 'outstanding') }] as const;
const NOT_HOLDER = [...UNFIT, { actions: refuse('EINVAL', 'notHolder') }] as const;

/** For reads, or for both, only where types are numbered: else such flags are meaningless. */
const take = (target: string) => [...UNFIT, { target }];

/** A page may be made of the type: since the claim, only while somebody holds it; a numbered type needs nobody. */
const MAKE_WITHOUT_OWNER = [
  { guard: when({ lacks: 'claim' }), actions: effect('allowed') },
  { guard: when({ if: 'noHap' }), actions: refuse('EOPNOTSUPP', 'noHap') },
  { guard: when({ if: 'numbered' }), actions: effect('allowed') },
  { actions: refuse('EINVAL', 'unclaimed') },
] as const;

/** Log-dirty would rewrite entries of type 15, and pass numbered ones by. */
const LOG_DIRTY = [
  { guard: when({ if: 'outstanding' }), actions: refuse('EBUSY', 'outstanding') },
  { actions: effect('allowed') },
] as const;

/** Nobody holds the type, and entries of it are in everybody's way. */
const LEFT_BEHIND = {
  'claim.read': OUTSTANDING,
  'claim.write': OUTSTANDING,
  'claim.both': OUTSTANDING,
  release: NOT_HOLDER,
  set_mem_type: MAKE_WITHOUT_OWNER,
  log_dirty: { actions: refuse('EBUSY', 'outstanding') },
} as const;

const machine = charts.createMachine({
  id: 'claim',
  context: ({ input }) => input,
  initial: 'unclaimed',
  states: {
    unclaimed: {
      description: 'Nobody holds the type. A write to a page that still is of it is tried again and again.',
      on: {
        'claim.read': take('claimed.read'),
        'claim.write': take('claimed.write'),
        'claim.both': take('claimed.both'),
        release: NOT_HOLDER,
        set_mem_type: MAKE_WITHOUT_OWNER,
        log_dirty: LOG_DIRTY,
        count: [
          {
            guard: when({ if: 'outstanding', has: 'asyncReset', unless: 'numbered' }),
            target: 'stranded',
            description: 'Xen counts entries of a type that nobody holds: the count was wrong before.',
          },
          {},
        ],
        over: {},
      },
    },
    claimed: {
      description: 'One server holds the type: each access that the claim is for is sent to it.',
      initial: 'write',
      on: {
        'claim.read': HELD,
        'claim.write': HELD,
        'claim.both': HELD,
        release: [
          ...UNFIT,
          { guard: when({ unless: 'holder' }), actions: refuse('EINVAL', 'notHolder') },
          {
            guard: when({ if: 'outstanding', has: 'asyncReset', unless: 'numbered' }),
            target: 'draining',
            description: 'The holder lets go while entries are of the type: they have to be reset first.',
          },
          { target: 'unclaimed', description: 'The holder lets go, and Xen counts no entry of the type.' },
        ],
        destroy: [
          {
            guard: when({ if: 'outstanding', has: 'asyncReset', unless: 'numbered' }),
            target: 'stranded',
            description: 'The holder is destroyed: no mark and no sweep. Its entries stay as they are.',
          },
          { target: 'unclaimed', description: 'The holder is destroyed, and Xen counts no entry of the type.' },
        ],
        set_mem_type: [
          { guard: when({ if: 'noHap' }), actions: refuse('EOPNOTSUPP', 'noHap') },
          { actions: effect('allowed') },
        ],
        log_dirty: LOG_DIRTY,
        count: {},
        over: { description: 'The release ends, and somebody else has claimed the type meanwhile.' },
      },
      states: {
        read: { description: 'Reads are sent to the holder (numbered types only).' },
        write: { description: 'Writes are sent to the holder. As merged, the only claim there is.' },
        both: { description: 'Reads and writes are sent to the holder (numbered types only).' },
      },
    },
    draining: {
      description: 'Nobody holds the type, and entries of it wait to be reset: by a sweep, or each when it is touched.',
      on: {
        ...LEFT_BEHIND,
        count: { target: 'unclaimed', description: 'The last entry was reset.' },
        over: {
          target: 'stranded',
          description: 'The release ends, and entries of the type are left: the sweep has not reset them.',
        },
      },
    },
    stranded: {
      description:
        'Nobody holds the type, the release is over, and entries of it are left. Until they go, nobody can claim it.',
      on: {
        ...LEFT_BEHIND,
        count: { target: 'unclaimed', description: 'The last entry has gone after all.' },
        over: {},
      },
    },
  },
});

export const CLAIM = defineChart({
  name: 'claim',
  machine,
  states: ['unclaimed', 'claimed.read', 'claimed.write', 'claimed.both', 'draining', 'stranded'],
  events: {
    'claim.read': 'A server asks to have reads of such pages sent to it.',
    'claim.write': 'A server asks to have writes to such pages sent to it.',
    'claim.both': 'A server asks to have reads and writes sent to it.',
    release: 'A server gives the claim up (flags 0).',
    destroy: 'The server that holds the claim is destroyed.',
    set_mem_type: 'A device model asks that a page become of the type.',
    log_dirty: 'The toolstack asks for global log-dirty.',
    count: 'The first entry has come to be of the type, or the last has ceased to be.',
    over: 'The release has done all that it will do.',
  },
  facts: {
    holder: 'it is the server that holds the claim',
    outstanding: 'entries are of the type',
    numbered: 'types are numbered: HVMMEM_ioreq_serverX',
    noHap: 'the guest has no hardware-assisted paging',
    reserved: 'it is the default server, which cannot claim',
    meaningless: 'no such type, or flags that mean nothing',
    noServer: 'there is no such server',
  },
});
