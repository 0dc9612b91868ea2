/**
 * The buffered ring of a server, by how many of its 511 slots are filled: accesses that a vCPU need not wait for.
 * Xen: xen/arch/x86/hvm/ioreq.c: hvm_send_buffered_ioreq; the consumer is the device model.
 */
import { charts, defineChart, effect, when } from './chart';

const NO_ROOM = {
  actions: effect('unhandleable'),
  description: 'There is no room: the request is sent the slow way, and the vCPU waits.',
};

/** What there is no place for in any slot, however many are free. */
const UNFIT = [
  {
    guard: when({ if: 'unfit', has: 'unbufferable' }),
    actions: effect('unhandleable'),
    description: 'A slot has no place for such a request: it is sent the slow way.',
  },
  {
    guard: when({ if: 'unfit' }),
    actions: effect('lose'),
    description: 'A slot has no place for such a request. Xen says that it is done, and it is lost.',
  },
  {
    guard: when({ if: 'oddSize' }),
    actions: effect('unhandleable'),
    description: 'The size has no code: the request is sent the slow way.',
  },
] as const;

const machine = charts.createMachine({
  id: 'ring',
  context: ({ input }) => input,
  initial: 'empty',
  states: {
    off: {
      description: 'The server was made without a ring.',
      on: {
        send: {
          actions: effect('unhandleable'),
          description: 'There is no ring: the request is sent the slow way, and the vCPU waits.',
        },
      },
    },
    empty: {
      description: 'Nothing is queued: the device model has caught up with Xen.',
      on: {
        send: [
          ...UNFIT,
          {
            target: 'filling',
            actions: effect('queue'),
            description: 'The first request in the queue; the vCPU goes on.',
          },
        ],
      },
    },
    filling: {
      description: 'Some slots are filled and some are free.',
      on: {
        send: [
          ...UNFIT,
          {
            ...NO_ROOM,
            guard: when({ if: ['long', 'one'] }),
            description: 'Eight bytes take two slots: only one is free.',
          },
          {
            guard: when({ if: 'one' }),
            target: 'full',
            actions: effect('queue'),
            description: 'The last slot is filled; the vCPU goes on.',
          },
          {
            guard: when({ if: ['long', 'two'] }),
            target: 'full',
            actions: effect('queue'),
            description: 'Eight bytes fill the last two slots; the vCPU goes on.',
          },
          { actions: effect('queue'), description: 'One more in the queue; the vCPU goes on.' },
        ],
        consume: [
          { guard: when({ if: 'last' }), target: 'empty', description: 'The device model takes the last one out.' },
          {},
        ],
      },
    },
    full: {
      description: 'All 511 slots are filled.',
      on: {
        send: [...UNFIT, NO_ROOM],
        consume: [
          {
            guard: when({ if: 'last' }),
            target: 'empty',
            description: 'The device model takes all of them out at once.',
          },
          { target: 'filling', description: 'The device model makes room.' },
        ],
      },
    },
  },
});

export const RING = defineChart({
  name: 'ring',
  machine,
  states: ['off', 'empty', 'filling', 'full'],
  events: {
    send: 'Xen has an access that its vCPU need not wait for.',
    consume: 'The device model takes what is queued out of the ring.',
  },
  facts: {
    unfit: 'the address is from 1 MiB on, the data is a pointer, or there is more than one element',
    oddSize: 'the size is none of 1, 2, 4 and 8 bytes',
    long: 'it takes two slots',
    one: 'one slot is free',
    two: 'two slots are free',
    last: 'nothing is left in the ring',
  },
});
