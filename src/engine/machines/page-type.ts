/**
 * What may become of the type of one page, and what a fault there comes to. The states are Xen's p2m types in the order of
 * their numbers, and after them the other numbered types of the design document (type 15 is its server0).
 * Xen: xen/arch/x86/hvm/dm.c: set_mem_type, allow_p2m_type_change; hvm/hvm.c: hvm_hap_nested_page_fault;
 * xen/include/asm-x86/p2m.h: p2m_recalc_type_range; xen/arch/x86/mm/p2m.c: guest_physmap_add_entry, p2m_remove_page,
 * p2m_add_foreign, set_typed_p2m_entry, p2m_mem_paging_*; mm/mem_sharing.c; mm/p2m-pod.c; cpu/mcheck: unmmap_broken_page.
 * Left out: reference counts, which may refuse a page to the pager or the sharer that its type would allow.
 */
import { charts, defineChart, effect, refuse, when } from './chart';

/** Numbered types beside type 15, by their place after it. */
const OTHER_SERVERS = ['ioreq_server1', 'ioreq_server2', 'ioreq_server3'] as const;
const SERVERS = ['ioreq_server', ...OTHER_SERVERS] as const;
type ServerType = (typeof SERVERS)[number];

/** A transition, with the guard and doings that it may have. */
interface Rule {
  readonly target?: string;
  readonly guard?: ReturnType<typeof when>;
  readonly actions?: ReturnType<typeof refuse> | ReturnType<typeof effect> | readonly unknown[];
  readonly description?: string;
}
type Rules = Record<string, Rule | readonly Rule[]>;

const each = (events: readonly string[], rule: Rule | readonly Rule[]): Rules =>
  Object.fromEntries(events.map((event) => [event, rule]));

const MAKES = ['set_mem_type.ram_rw', 'set_mem_type.ram_ro', 'set_mem_type.mmio_dm'] as const;
const MAKES_SERVER = SERVERS.map((type) => `set_mem_type.${type}` as const);
const FAULTS = ['fault.read', 'fault.write', 'fault.exec'] as const;
/** A gfn that holds somebody else's page must be unmapped by who mapped it. */
const ADDS = ['add_page', 'grant.map_rw', 'grant.map_ro', 'map_mmio'] as const;

const ANY_RAM: Rules = {
  'set_mem_type.ram_rw': { target: 'ram_rw' },
  'set_mem_type.ram_ro': { target: 'ram_ro' },
  'set_mem_type.mmio_dm': { target: 'mmio_dm' },
  // Since the claim, only ram_rw may become type 15; before, any RAM.
  'set_mem_type.ioreq_server': [
    { guard: when({ lacks: 'claim' }), target: 'ioreq_server' },
    { actions: refuse('EINVAL', 'onlyRam') },
  ],
  ...each(MAKES_SERVER.slice(1), { actions: refuse('EINVAL', 'onlyRam') }),
};
const HOLE: Rules = {
  ...each([...MAKES, ...MAKES_SERVER], { actions: refuse('EINVAL', 'notRam') }),
  'set_mem_type.mmio_dm': { target: 'mmio_dm' },
};
const NO_RAM: Rules = each([...MAKES, ...MAKES_SERVER], { actions: refuse('EINVAL', 'notRam') });
const PAGED_AWAY: Rules = each([...MAKES, ...MAKES_SERVER], {
  actions: [refuse('EAGAIN', 'paged'), effect('page_in')],
});
const SHARED: Rules = each([...MAKES, ...MAKES_SERVER], { actions: refuse('EAGAIN', 'shared') });

/** What is not told otherwise below. */
const COMMON: Rules = {
  add_page: { target: 'ram_rw' },
  'grant.map_rw': { target: 'grant_map_rw' },
  'grant.map_ro': { target: 'grant_map_ro' },
  map_mmio: { target: 'mmio_direct' },
  map_foreign: { target: 'map_foreign' },
  remove_page: { target: 'mmio_dm', description: 'The entry goes: whoever looks there finds mmio_dm.' },
  'paging.nominate': { actions: refuse('EBUSY', 'notPageable') },
  'paging.evict': { actions: refuse('EBUSY', 'notNominated') },
  'paging.prep': { actions: refuse('ENOENT', 'notPaged') },
  share: { actions: refuse('EINVAL', 'notSharable') },
  mark_pod: { target: 'populate_on_demand' },
};
/** Plain RAM may be paged out, shared, found broken; it cannot be promised a second time. */
const PLAIN_RAM: Rules = {
  ...ANY_RAM,
  'paging.nominate': { target: 'ram_paging_out' },
  share: { target: 'ram_shared' },
  machine_check: { target: 'ram_broken' },
  mark_pod: { actions: refuse('EBUSY', 'isRam') },
};
const SOMEBODY_ELSES: Rules = {
  ...NO_RAM,
  ...each(ADDS, { actions: [refuse('EINVAL', 'mapped'), effect('crash')] }),
  map_mmio: { actions: [refuse('ENOENT', 'mapped'), effect('crash')] },
};

const RAM_FAULT: Rules = each(FAULTS, { actions: effect('ram') });
const FATAL: Rules = each(FAULTS, { actions: effect('fatal') });

/** A page whose accesses may be a server's: kept or reset by a recalculation, and trapped. */
function forServer(type: ServerType): { description: string; on: Rules } {
  const first = type === 'ioreq_server';
  const stays = { description: 'It stays as it is: the claim, or its number, keeps it.' };
  const reset = (to: string): Rule[] => [
    ...(first
      ? [
          {
            guard: when({ lacks: 'asyncReset', unless: 'numbered' }),
            description: 'Before there was a reset, a recalculation passed the type by.',
          },
          { guard: when({ if: 'owner', unless: 'large' }), ...stays },
        ]
      : []),
    { guard: when({ if: 'numbered', unless: 'large' }), ...stays },
    { target: to, description: `Nobody holds the type: the page is ${to} again.` },
  ];
  return {
    description: first
      ? 'Writes are for the device model that has claimed the type (before 2017: whose ranges cover the page).'
      : 'A page for the server that has claimed this number; plain memory while nobody has.',
    on: {
      ...each([...MAKES, ...MAKES_SERVER], { actions: refuse('EINVAL', 'backToRam') }),
      'set_mem_type.ram_rw': { target: 'ram_rw' },
      ...each(
        MAKES_SERVER.filter((event) => event !== `set_mem_type.${type}`),
        { actions: refuse('EINVAL', 'onlyRam') },
      ),
      [`set_mem_type.${type}`]: [
        {
          guard: when({ if: 'numbered' }),
          description: 'A numbered page that is of the type already is no change: the next owner finds it so.',
        },
        { actions: refuse('EINVAL', 'onlyRam') },
      ],
      'recalc.clean': reset('ram_rw'),
      'recalc.dirty': reset('ram_logdirty'),
      'fault.write': [
        ...(first ? [{ guard: when({ has: 'writeDm', unless: 'numbered' }), actions: effect('emulate') }] : []),
        ...serverFault(first),
      ],
      'fault.read': serverFault(first),
      'fault.exec': serverFault(first),
    },
  };
}

const serverFault = (first: boolean): Rule[] => [
  { guard: when({ if: 'forServer' }), actions: effect('emulate') },
  ...(first ? [{ guard: when({ lacks: 'claim' }), actions: effect('fatal') }] : []),
  { actions: effect('ram') },
];

const state = (description: string, ...parts: Rules[]) => ({
  description,
  on: Object.assign({}, COMMON, ...parts) as Rules,
});

const servers = Object.fromEntries(
  SERVERS.map((type) => {
    const { description, on } = forServer(type);
    return [type, state(description, { mark_pod: PLAIN_RAM.mark_pod! }, on)];
  }),
);

// Data by the chart's own two actions and one guard: XState need not know the states one by one.
const states: Record<string, object> = {
  ram_rw: state(
    'Plain memory: the guest reads and writes it, and nobody is told.',
    PLAIN_RAM,
    {
      ...Object.fromEntries(SERVERS.map((type) => [`set_mem_type.${type}`, { target: type }])),
      'recalc.clean': {},
      'recalc.dirty': { target: 'ram_logdirty' },
    },
    RAM_FAULT,
  ),
  invalid: state('What Xen writes where nothing is. Nobody reads it back: a look-up answers mmio_dm.', HOLE, FATAL),
  ram_logdirty: state(
    'Memory whose first write is noted, for live migration: read-only until then.',
    PLAIN_RAM,
    RAM_FAULT,
    {
      'recalc.clean': { target: 'ram_rw' },
      'recalc.dirty': {},
      'fault.write': {
        target: 'ram_rw',
        actions: effect('ram'),
        description: 'The first write: noted, and free from now on.',
      },
    },
  ),
  ram_ro: state('Memory that the guest may read; a write is dropped without a word.', ANY_RAM, RAM_FAULT, {
    'fault.write': { actions: effect('emulate'), description: 'The write goes to the emulator, which drops it.' },
    machine_check: { target: 'ram_broken' },
    mark_pod: PLAIN_RAM.mark_pod!,
  }),
  mmio_dm: state(
    'No memory, or memory kept from the guest: every access is for a device model.',
    HOLE,
    each(FAULTS, { actions: effect('emulate') }),
  ),
  mmio_direct: state("A device's own registers, mapped straight into the guest.", NO_RAM, FATAL, {
    machine_check: { target: 'ram_broken' },
  }),
  populate_on_demand: state('Promised memory: it gets a frame when it is first touched.', NO_RAM, FATAL, {
    populate: { target: 'ram_rw' },
    mark_pod: {},
  }),
  grant_map_rw: state("Another guest's page, granted for reading and writing.", SOMEBODY_ELSES, FATAL),
  grant_map_ro: state("Another guest's page, granted for reading only.", SOMEBODY_ELSES, FATAL, {
    'fault.write': { actions: effect('emulate'), description: 'The write goes to the emulator, which drops it.' },
  }),
  ram_paging_out: state(
    'Chosen to be paged out; its frame is still there.',
    PAGED_AWAY,
    each(FAULTS, { actions: effect('page_in') }),
    {
      'paging.evict': { target: 'ram_paged' },
      'paging.populate': { target: 'ram_paging_in' },
    },
  ),
  ram_paged: state(
    'Paged out: its frame has gone to somebody else.',
    PAGED_AWAY,
    each(FAULTS, { actions: effect('page_in') }),
    {
      'paging.populate': { target: 'ram_paging_in' },
      'paging.prep': { actions: effect('frame'), description: 'The pager gives it a frame.' },
    },
  ),
  ram_paging_in: state('On its way back: the pager has been asked for it.', PAGED_AWAY, RAM_FAULT, {
    'paging.prep': { actions: effect('frame'), description: 'The pager gives it a frame.' },
    'paging.resume': [{ guard: when({ if: 'dirty' }), target: 'ram_logdirty' }, { target: 'ram_rw' }],
  }),
  ram_shared: state(
    'One frame for several guests with the same content: read-only until it is written.',
    SHARED,
    RAM_FAULT,
    {
      'fault.write': { actions: effect('unshare'), description: 'The page must have a frame of its own first.' },
      share: {},
      unshare: { target: 'ram_rw' },
      mark_pod: PLAIN_RAM.mark_pod!,
    },
  ),
  ram_broken: state('The hardware has found an error in this frame: who wants it loses the domain.', NO_RAM, FATAL),
  map_foreign: state("Another domain's page, mapped by a domain that runs others.", SOMEBODY_ELSES, FATAL),
  ...servers,
};

const machine = charts.createMachine({
  id: 'page-type',
  context: ({ input }) => input,
  initial: 'mmio_dm',
  states,
});

export const PAGE_TYPE = defineChart({
  name: 'page-type',
  machine,
  states: [
    'ram_rw',
    'invalid',
    'ram_logdirty',
    'ram_ro',
    'mmio_dm',
    'mmio_direct',
    'populate_on_demand',
    'grant_map_rw',
    'grant_map_ro',
    'ram_paging_out',
    'ram_paged',
    'ram_paging_in',
    'ram_shared',
    'ram_broken',
    'map_foreign',
    'ioreq_server',
    'ioreq_server1',
    'ioreq_server2',
    'ioreq_server3',
  ],
  events: {
    'set_mem_type.ram_rw': 'A device model asks that the page be plain memory.',
    'set_mem_type.ram_ro': 'A device model asks that writes to the page be dropped.',
    'set_mem_type.mmio_dm': 'A device model asks for every access to the page.',
    'set_mem_type.ioreq_server': 'A device model asks that the page be of type 15.',
    'set_mem_type.ioreq_server1': 'A device model asks that the page be of the second numbered type.',
    'set_mem_type.ioreq_server2': 'A device model asks that the page be of the third numbered type.',
    'set_mem_type.ioreq_server3': 'A device model asks that the page be of the fourth numbered type.',
    'recalc.clean': 'A mark above the page is met: its type is worked out anew, and nobody wants its writes noted.',
    'recalc.dirty': 'A mark above the page is met, and log-dirty is on for it.',
    'fault.read': 'A read of the page is not permitted by its entry.',
    'fault.write': 'A write to the page is not permitted by its entry.',
    'fault.exec': 'A fetch from the page is not permitted by its entry.',
    add_page: 'The toolstack puts a frame of memory there.',
    remove_page: 'The page is taken out of the map, as when the guest balloons.',
    'grant.map_rw': "Another guest's page is mapped there, to read and write.",
    'grant.map_ro': "Another guest's page is mapped there, to read.",
    map_mmio: "A device's registers are mapped there.",
    map_foreign: "Another domain's page is mapped there.",
    mark_pod: 'The toolstack promises memory there without giving any.',
    populate: 'Somebody wants the memory that was promised.',
    'paging.nominate': 'The pager chooses the page to be paged out.',
    'paging.evict': 'The pager takes its frame.',
    'paging.populate': 'Somebody wants the page back.',
    'paging.prep': 'The pager gives the page a frame with its content.',
    'paging.resume': 'The pager says that the page is back.',
    share: 'The toolstack shares the page with an equal one.',
    unshare: 'The page gets a frame of its own again.',
    machine_check: 'The hardware reports an error in the frame.',
  },
  facts: {
    numbered: 'types are numbered: HVMMEM_ioreq_serverX',
    owner: 'a server holds the type',
    large: 'the entry is larger than 4 KiB',
    forServer: 'the claim on its number is for this access',
    dirty: 'log-dirty is on',
  },
});
