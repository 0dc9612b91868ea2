/**
 * A vCPU's slot in the page that it shares with a server, by the number in its state word. The page is the device model's to
 * scribble in, so Xen trusts nothing that it reads back. One instance for each pair of server and vCPU.
 * Xen: xen/arch/x86/hvm/ioreq.c: hvm_send_ioreq, hvm_wait_for_io; xen/include/public/hvm/ioreq.h: STATE_IOREQ_*.
 */
import { charts, defineChart, effect, when } from './chart';

const IDLE = {
  guard: when({ unless: 'pending' }),
  actions: effect('idle'),
  description: 'No vCPU waits for this slot.',
};
const BUSY = {
  actions: effect('unhandleable'),
  description: 'The slot is taken: the access can be sent to nobody, and the vCPU stops with it.',
};
const WAIT = { actions: effect('wait'), description: 'The answer is not there yet: the vCPU goes on waiting.' };
const GONE = { target: 'none', description: 'The server is destroyed, and its page with it.' };
const SCRIBBLED = { target: 'bad' };

const machine = charts.createMachine({
  id: 'slot',
  context: ({ input }) => input,
  initial: 'none',
  states: {
    none: {
      description: 'The slot is free (STATE_IOREQ_NONE).',
      on: {
        send: [
          {
            guard: when({ if: 'otherPort' }),
            actions: effect('unhandleable'),
            description: 'The slot names another event channel than the one Xen holds for it: nothing is sent.',
          },
          { target: 'ready', description: 'Xen fills the slot in, notifies the server, and the vCPU waits.' },
        ],
        complete: [
          IDLE,
          {
            actions: effect('ones'),
            description: 'The slot is free though a vCPU waits: the device model has died. All ones are read.',
          },
        ],
        scribble: SCRIBBLED,
        gone: {},
      },
    },
    ready: {
      description: 'A request waits to be taken up by the device model (STATE_IOREQ_READY).',
      on: {
        send: BUSY,
        take: { target: 'inprocess' },
        complete: [IDLE, WAIT],
        scribble: SCRIBBLED,
        gone: GONE,
      },
    },
    inprocess: {
      description: 'The device model has taken the request up (STATE_IOREQ_INPROCESS).',
      on: {
        send: BUSY,
        respond: { target: 'respReady' },
        complete: [IDLE, WAIT],
        scribble: SCRIBBLED,
        gone: GONE,
      },
    },
    respReady: {
      description: 'The answer is there, and the vCPU may go on (STATE_IORESP_READY).',
      on: {
        send: BUSY,
        complete: [
          IDLE,
          {
            target: 'none',
            actions: effect('data'),
            description: 'The vCPU takes the answer out, and the slot is free.',
          },
        ],
        scribble: SCRIBBLED,
        gone: GONE,
      },
    },
    bad: {
      description: 'The state word holds a number that is none of the four.',
      on: {
        send: BUSY,
        complete: [
          IDLE,
          { actions: effect('crash'), description: 'Xen cannot make sense of the number: it crashes the domain.' },
        ],
        scribble: {},
        gone: GONE,
      },
    },
  },
});

export const SLOT_LAW = defineChart({
  name: 'slot',
  machine,
  states: ['none', 'ready', 'inprocess', 'respReady', 'bad'],
  events: {
    send: 'Xen has a request for the server.',
    take: 'The device model takes the request up.',
    respond: 'The device model answers.',
    complete: 'Xen looks whether the vCPU may go on.',
    scribble: 'The device model writes a number there that means nothing.',
    gone: 'The server is destroyed, and its page with it.',
  },
  facts: {
    pending: 'Xen has noted that the vCPU waits',
    otherPort: 'the slot names another event channel',
  },
});
