/**
 * The life of an ioreq server, one instance for each id. While it is enabled it can be chosen for an access, and the pages
 * that it shares with its device model are out of the guest's map.
 * Xen: xen/arch/x86/hvm/ioreq.c: hvm_create_ioreq_server, hvm_destroy_ioreq_server, hvm_set_ioreq_server_state with
 * hvm_ioreq_server_enable and _disable. Which pages a server gets, and what the pool refuses, is in ioreq-pages.ts.
 */
import { charts, defineChart, effect, refuse, when } from './chart';

/** A call on a server that callers cannot name. */
const nobody = (errno: 'EOPNOTSUPP' | 'EPERM') =>
  [
    { guard: when({ if: 'reserved' }), actions: refuse(errno, 'reserved') },
    { actions: refuse('ENOENT', 'noServer') },
  ] as const;

/** Every call but the one that makes a server: on one that is not there, and on one that has been. */
const UNKNOWN = {
  enable: nobody('EOPNOTSUPP'),
  disable: nobody('EOPNOTSUPP'),
  destroy: nobody('EPERM'),
  ask: nobody('EOPNOTSUPP'),
} as const;
const NO_SERVER = { actions: refuse('ENOENT', 'noServer') } as const;
const GONE = { enable: NO_SERVER, disable: NO_SERVER, destroy: NO_SERVER, ask: NO_SERVER } as const;

const CREATE = [
  { guard: when({ if: 'badMode' }), actions: refuse('EINVAL', 'ringMode') },
  { guard: when({ if: 'listFull' }), actions: refuse('ENOMEM', 'noSlot') },
  { guard: when({ if: 'secondDefault' }), actions: refuse('EEXIST', 'secondDefault') },
  { guard: when({ if: 'arrayFull' }), actions: refuse('ENOSPC', 'noSlot') },
  {
    guard: when({ if: 'default' }),
    target: 'default',
    actions: effect('takePages'),
    description: 'The default server is made.',
  },
  {
    target: 'created',
    actions: effect('takePages'),
    description:
      'The server is made. Its pages are taken from a small pool of guest frames; without them there is none.',
  },
] as const;

/** Of a state in which there is a server. */
const EXISTS = 'exists';

const DESTROY = {
  target: 'destroyed',
  actions: effect('release'),
  description: 'The server ends: its claims, its ranges and its pages are free.',
};

const machine = charts.createMachine({
  id: 'server',
  context: ({ input }) => input,
  initial: 'absent',
  states: {
    absent: {
      description: 'No server has had this id.',
      on: { create: CREATE, ...UNKNOWN },
    },
    created: {
      description: 'The server is there, and was never enabled: its ranges lead nothing to it yet.',
      tags: EXISTS,
      on: {
        enable: {
          target: 'enabled',
          actions: effect('hidePages'),
          description: 'The server can be chosen for an access now; its pages leave the map of the guest.',
        },
        disable: { description: 'It has not been enabled: nothing changes.' },
        destroy: DESTROY,
        ask: {},
      },
    },
    enabled: {
      description: 'The server can be chosen for an access. The guest has no way to its pages.',
      tags: EXISTS,
      on: {
        enable: { description: 'It is enabled already: nothing changes.' },
        disable: {
          target: 'disabled',
          actions: effect('showPages'),
          description: 'No range leads to the server any more; its pages are plain memory of the guest again.',
        },
        destroy: {
          target: 'destroyed',
          actions: effect('showAndRelease'),
          description: 'The server ends: its pages come back into the map, and its claims, ranges and pages are free.',
        },
        ask: {},
      },
    },
    disabled: {
      description: 'The server was enabled, and is not any more: its ranges lead nothing to it.',
      tags: EXISTS,
      on: {
        enable: {
          target: 'enabled',
          actions: effect('hidePages'),
          description: 'The server can be chosen for an access again; its pages leave the map of the guest.',
        },
        disable: { description: 'It is disabled already: nothing changes.' },
        destroy: DESTROY,
        ask: {},
      },
    },
    destroyed: {
      description: 'The server has been. Its place in the table is free for another.',
      on: { create: CREATE, ...GONE },
    },
    default: {
      description:
        'The default server: it gets what no other takes, from the start and for good. Callers do not know its id.',
      tags: EXISTS,
      on: UNKNOWN,
    },
  },
});

export const SERVER = defineChart({
  name: 'server',
  machine,
  states: ['absent', 'created', 'enabled', 'disabled', 'destroyed', 'default'],
  events: {
    create: 'A device model asks for a server.',
    enable: 'The device model says that it is ready.',
    disable: 'The device model says that nothing be sent to it.',
    destroy: 'The server is to end.',
    ask: 'A device model asks about the server, or changes its ranges.',
  },
  facts: {
    reserved: 'the id is kept for the default server',
    default: 'it is to be the default server',
    badMode: 'there is no such kind of ring',
    listFull: 'there is no memory for one more',
    secondDefault: 'there is a default server already',
    arrayFull: 'every place of the array is taken',
  },
});
