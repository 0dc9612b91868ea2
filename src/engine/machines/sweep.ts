/**
 * What a release does about entries that are still of the type, in pieces between which others may act: a mark at the top of
 * the map, then batches of 256 frames. Xen: xen/arch/x86/hvm/ioreq.c: hvm_map_mem_type_to_ioreq_server; hvm/dm.c: dm_op,
 * XEN_DMOP_map_mem_type_to_ioreq_server.
 */
import { charts, defineChart, effect, when } from './chart';

const machine = charts.createMachine({
  id: 'sweep',
  context: ({ input }) => input,
  initial: 'idle',
  states: {
    idle: {
      description: 'No release is under way.',
      on: {
        release: [
          {
            guard: when({ if: 'outstanding' }),
            target: 'marking',
            description: 'The claim is gone; entries of the type are outstanding.',
          },
          { description: 'The claim is gone, and nothing is left to reset.' },
        ],
      },
    },
    marking: {
      description: 'The map is about to be marked: until then nothing resets an entry.',
      on: {
        mark: [
          {
            guard: when({ has: 'syncSweep', if: 'outstanding' }),
            target: 'sweeping',
            description: 'The top table is marked; the sweep begins.',
          },
          { target: 'idle', description: 'The top table is marked; each entry follows when it is touched.' },
        ],
      },
    },
    sweeping: {
      description: 'The next 256 frames are about to be finished.',
      on: {
        batch: [
          {
            guard: when({ if: 'failed' }),
            target: 'idle',
            actions: effect('over'),
            description: 'A superpage could not be split.',
          },
          {
            guard: when({ unless: 'more' }),
            target: 'idle',
            actions: effect('over'),
            description: 'The end of the map.',
          },
          { guard: when({ if: 'urgent' }), target: 'preempted', description: 'Something more urgent waits: ERESTART.' },
          {
            guard: when({ unless: 'outstanding' }),
            target: 'idle',
            actions: effect('over'),
            description: 'The last entry is reset.',
          },
          { description: 'On to the next 256 frames.' },
        ],
      },
    },
    preempted: {
      description: 'The call has been put aside, with the first frame not swept as its note; it will be issued again.',
      on: {
        again: [
          {
            guard: when({ lacks: 'syncSweep' }),
            target: 'idle',
            actions: effect('afresh'),
            description: 'This Xen sweeps nothing, so it takes no note: the call begins afresh.',
          },
          {
            guard: when({ if: 'numbered' }),
            target: 'idle',
            actions: effect('afresh'),
            description: 'Numbered pages keep their type, so there is nothing to go on with: the call begins afresh.',
          },
          {
            guard: when({ if: 'noHap' }),
            target: 'idle',
            actions: effect('afresh'),
            description: 'Nobody can have begun such a call: it begins afresh, and is refused.',
          },
          { guard: when({ if: ['outstanding', 'more'] }), target: 'sweeping' },
          { target: 'idle', description: 'Meanwhile nothing was left to sweep.' },
        ],
      },
    },
  },
});

export const SWEEP = defineChart({
  name: 'sweep',
  machine,
  states: ['idle', 'marking', 'sweeping', 'preempted'],
  events: {
    release: 'A server has given its claim up.',
    mark: 'Xen marks the top table, under the p2m lock.',
    batch: 'Xen finishes the next 256 frames.',
    again: 'The call is issued again.',
  },
  facts: {
    outstanding: 'entries are of the type',
    more: 'the map goes on',
    failed: 'it was refused a frame',
    numbered: 'types are numbered: HVMMEM_ioreq_serverX',
    noHap: 'the guest has no hardware-assisted paging',
    urgent: 'something more urgent waits',
  },
});
