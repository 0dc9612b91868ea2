/**
 * Where a vCPU stands with the instruction that it is at, one instance for each vCPU: in the guest, in Xen's code, or waiting
 * for a device model. An instruction stays latched until it is retired, so that a retry makes the same one.
 * Xen: xen/arch/x86/hvm/vmx/vmx.c: vmx_vmexit_handler; hvm/hvm.c: hvm_hap_nested_page_fault; hvm/emulate.c: hvmemul_do_io;
 * hvm/ioreq.c: hvm_send_ioreq, handle_hvm_io_completion; mm/p2m-ept.c: ept_handle_misconfig.
 * What finds the facts is in execute.ts, exits.ts and emulate.ts.
 */
import { charts, defineChart, effect, when } from './chart';

/**
 * `acts`: a step of its own at any time. `locks`: one once the p2m lock is free. `waits`: one once its answer is there, or
 * nobody is left to give it. `inXen`: in the midst of Xen's code, so that the domain cannot be paused. `over`: no instruction
 * follows.
 */
const IN_GUEST = ['acts'];
const IN_XEN = ['acts', 'inXen'];

const CRASH = { target: 'crashed' } as const;

const LEAVE = {
  violation: { target: 'exited' },
  misconfig: { target: 'exited' },
} as const;

/** An instruction has been dealt with, or one half or one part of it. */
const GO_ON = [
  {
    guard: when({ if: 'firstHalf' }),
    target: 'emulating',
    description: 'The read half is done: Xen computes the new value and goes on to write it.',
  },
  {
    guard: when({ if: 'unfinished' }),
    target: 'emulating',
    description: 'Elements of the string instruction are left: Xen goes on, without an exit.',
  },
] as const;

const machine = charts.createMachine({
  id: 'vcpu',
  context: ({ input }) => input,
  initial: 'paused',
  states: {
    paused: {
      description: 'The guest has not begun: its device models are still starting.',
      on: { unpause: { target: 'running' }, crash: CRASH },
    },
    running: {
      description: 'In the guest: the processor makes the next instruction.',
      tags: IN_GUEST,
      on: {
        ...LEAVE,
        access: {},
        io: { target: 'emulating' },
        end: { target: 'done' },
        crash: CRASH,
      },
    },
    retrying: {
      description: 'In the guest, about to make the same instruction again: the last try changed nothing at all.',
      tags: IN_GUEST,
      on: {
        ...LEAVE,
        access: { target: 'running', description: 'This time the tables permit the access.' },
        changed: { target: 'running' },
        crash: CRASH,
      },
    },
    exited: {
      description: 'Left the guest: Xen is about to look into it, under the p2m lock.',
      tags: ['locks', 'inXen'],
      on: {
        settled: { target: 'running' },
        handled: [
          {
            guard: when({ if: 'helped' }),
            target: 'running',
            description: 'Xen has changed the page, and the instruction is made again.',
          },
          {
            target: 'retrying',
            description: 'Xen finds nothing wrong with the page and changes nothing: the same instruction again.',
          },
        ],
        emulate: [
          {
            guard: when({ if: 'fetch' }),
            target: 'crashed',
            description: 'An instruction was to be fetched from there. Xen emulates no fetch: the guest gets a fault.',
          },
          { target: 'emulating' },
        ],
        fatal: { target: 'crashed' },
        crash: CRASH,
      },
    },
    emulating: {
      description: 'In the emulator: Xen is about to find out who gets the access.',
      tags: IN_XEN,
      on: {
        select: { target: 'sending' },
        retire: [
          {
            guard: when({ if: 'unfinished' }),
            description: 'Elements of the string instruction are left: Xen goes on, without an exit.',
          },
          { target: 'running' },
        ],
        readHalf: {},
        elements: {},
        retry: { target: 'retrying' },
        listen: { target: 'blocked' },
        unhandleable: { target: 'crashed' },
        crash: CRASH,
      },
    },
    sending: {
      description: 'The receiver is known; the request is not yet in its slot.',
      tags: IN_XEN,
      on: {
        send: { target: 'blocked' },
        unhandleable: {
          target: 'crashed',
          description: 'The slot in the page of the server is taken: the vCPU stops with its access.',
        },
        crash: CRASH,
      },
    },
    blocked: {
      description: 'Waiting for the device model to answer.',
      tags: ['waits'],
      on: {
        resume: [...GO_ON, { target: 'running', description: 'The answer is there: the instruction is done.' }],
        orphaned: [
          {
            guard: when({ lacks: 'deadServerReset' }),
            target: 'running',
            actions: effect('latchStays'),
            description:
              'The server is gone and the note of the request stays: whatever is emulated next stops the vCPU.',
          },
          ...GO_ON,
          { target: 'running', description: 'The server is gone: the instruction counts as done.' },
        ],
        crash: CRASH,
      },
    },
    done: {
      description: 'The program is over.',
      tags: ['over'],
      on: {
        instruct: {
          target: 'running',
          description: 'One more instruction is given by hand: it is in the guest again.',
        },
        crash: { description: 'The domain dies; this vCPU had come to its end.' },
      },
    },
    crashed: {
      description: 'Stopped for good: by a fault that nobody can deal with, or with its domain.',
      tags: ['over'],
      on: { crash: {} },
    },
  },
});

export const VCPU = defineChart({
  name: 'vcpu',
  machine,
  states: ['paused', 'running', 'retrying', 'exited', 'emulating', 'sending', 'blocked', 'done', 'crashed'],
  events: {
    unpause: 'The toolstack lets the guest run.',
    access: 'The tables permit the access: the processor makes it, and Xen hears nothing of it.',
    violation: 'The tables do not permit the access: the processor leaves the guest.',
    misconfig: 'The processor comes upon a marked entry, and leaves the guest.',
    io: 'An I/O instruction: it always leaves the guest.',
    end: 'The program has no instruction left.',
    instruct: 'An instruction is given by hand, beside the program.',
    changed: 'Somebody has changed something: the next try may come to more.',
    settled: 'Xen settles the marks on the way to the page, and the access is made again.',
    handled: 'Xen finds the page to be in order.',
    emulate: 'The access is not for the processor to make: it goes to the emulator.',
    fatal: 'No rule covers the fault: the guest is crashed.',
    select: 'A server is found that owns the page or has the address in its ranges.',
    retire: 'Xen does the access by itself: it is queued, copied, or dropped.',
    readHalf: 'Xen gives the first half of a read-modify-write its value: out of the page, or all ones.',
    elements: 'A copy of the whole string is refused: Xen goes on element by element.',
    retry: 'The page is of a type that nobody holds: the instruction is to be made again.',
    listen: 'The access is made, and listeners are called, for whom the vCPU has to wait.',
    unhandleable: 'The access can be sent to nobody: a request is under way still, or its size is impossible.',
    send: 'The request is in the slot, the server is notified, and the p2m lock ends.',
    resume: 'The answer is there.',
    orphaned: 'The server that had the request is gone.',
    crash: 'The domain, or Xen itself, crashes.',
  },
  facts: {
    helped: 'the page has been changed so that the access can be made',
    fetch: 'an instruction was to be fetched',
    firstHalf: 'it was the read half of a read-modify-write',
    unfinished: 'elements of the string instruction are left',
  },
});
