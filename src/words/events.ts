/**
 * The sentence for each kind of event: what happened, and why. Subject, verb, consequence; at most 110 characters; one bold
 * phrase. Names are Xen's.
 */
import type { Events } from '../engine/events';
import type { AnyEvent, EventCode } from '../engine/trace';
import { hex, LEVEL_WORDS, plural, value } from './format';
import { say, type Sentence } from './parts';
import { refusal } from './refusals';

/** What a sentence may need to know beside the event. */
export interface Names {
  /** Names of the p2m types by number, without the p2m_ prefix. */
  readonly typeNames: readonly string[];
  /** A server's claim decides, not its ranges. */
  readonly claims: boolean;
}

const tableName = (level: number): string => LEVEL_WORDS[level] ?? 'table';
const who = (vcpu: number): string => `vCPU ${vcpu}`;

type Teller<C extends EventCode> = (p: Events[C], names: Names) => readonly [what: string, why: string];

const TELL: { readonly [C in EventCode]: Teller<C> } = {
  'guest.write': (p) =>
    p.count > 1
      ? [
          `${who(p.vcpu)} clears the page at \`${hex(p.gpa)}\` in **plain RAM**: no exit.`,
          `${p.count} writes of ${p.size} bytes by one string instruction; the EPT entry permits them.`,
        ]
      : [
          `${who(p.vcpu)} writes \`${value(p)}\` to **plain RAM** at \`${hex(p.gpa)}\`: no exit.`,
          'The EPT entry has w = 1, so the processor stores it and Xen never knows.',
        ],
  'guest.read': (p) => [
    `${who(p.vcpu)} **reads** \`${value(p)}\` from \`${hex(p.gpa)}\`: no exit.`,
    'The EPT entry has r = 1; type 15 traps writes only.',
  ],
  'guest.rmw': (p) => [
    `${who(p.vcpu)} **modifies** plain RAM at \`${hex(p.gpa)}\`: no exit.`,
    'The EPT entry permits reading and writing.',
  ],
  'guest.done': (p) => [`${who(p.vcpu)} has **come to the end** of its program.`, 'Nothing is left for it to execute.'],
  'guest.noMemory': (p) => [
    `The GPU driver finds **no frame** for a page table and gives ${p.op} up.`,
    'All the frames set aside for tables are in use.',
  ],
  'exit.violation': (p) => [
    `${who(p.vcpu)} ${p.kind === 'read' ? 'reads' : p.kind === 'write' ? 'writes' : 'modifies'} ${plural(p.size, 'byte')} at \`${hex(p.gpa)}\`: an **EPT violation**, it leaves the guest.`,
    `The EPT walk ended at level ${p.level}, in an entry that does not permit this access to frame \`${hex(p.gfn)}\`.`,
  ],
  'exit.misconfig': (p) => [
    `${who(p.vcpu)} meets a **marked EPT entry** at level ${p.level}: a misconfiguration exit.`,
    'Xen wrote an invalid memory type there to be called at the next touch.',
  ],
  'fault.resolved': (p) => [
    p.changed
      ? `Xen **settles the marks** on the way to frame \`${hex(p.gfn)}\`; the instruction runs again.`
      : `Xen finds **nothing to settle** at frame \`${hex(p.gfn)}\`.`,
    'Each touch settles the entry on its path and pushes the mark one level down.',
  ],
  'fault.emulate': (p, { typeNames }) => [
    `Xen looks frame \`${hex(p.gfn)}\` up: type **${typeNames[p.type]}**, so the access must be emulated.`,
    p.locked
      ? 'It keeps the gfn lock until the request is sent: nobody can change the type meanwhile.'
      : 'It drops the gfn lock before it emulates: the type can change meanwhile.',
  ],
  'fault.ram': (p, { typeNames }) => [
    `Xen finds frame \`${hex(p.gfn)}\` to be **${typeNames[p.type]}** by now and lets the guest go on.`,
    p.dirtied
      ? 'The page was log-dirty: it is marked dirty and made writable.'
      : 'The fault was spurious: the entry has changed since the walk.',
  ],
  'fault.fatal': (p, { typeNames }) => [
    `Frame \`${hex(p.gfn)}\` is ${typeNames[p.type]}: Xen **cannot handle** the access, the vCPU stops.`,
    'No rule covers this type for this kind of access.',
  ],
  'io.select': (p, { claims }) =>
    p.by === 'none'
      ? [
          `Xen finds **no server** for frame \`${hex(p.gfn)}\`.`,
          `${plural(p.comparisons, 'range')} looked at, none of them covers the access.`,
        ]
      : p.by === 'claim'
        ? [
            `The write belongs to server ${p.server}, which holds **the claim**: no range is searched.`,
            'One owner of the type: the look-up costs the same for one page or a million.',
          ]
        : [
            `Xen searches the servers' ranges: **server ${p.server}** takes the access, after ${plural(p.comparisons, 'comparison')}.`,
            claims
              ? 'The page is a register page of the GPU, found by its address.'
              : 'Each table page is a range of its own, searched one after the other.',
          ],
  'io.readHalf': (p) => [
    `Xen serves the **read half** itself: \`${value(p)}\` from the page.`,
    'The device model asked for writes only; the merged value will go to it.',
  ],
  'io.retry': (p) => [
    `**No one holds the claim** now: Xen lets ${who(p.vcpu)} try the instruction again.`,
    'The owner let go between the fault and the look-up.',
  ],
  'io.discard': (p, { typeNames }) => [
    p.write
      ? `The write to frame \`${hex(p.gfn)}\` (${typeNames[p.type]}) is **discarded**.`
      : `The read of frame \`${hex(p.gfn)}\` gives **all ones**.`,
    'No ioreq server takes this access, so a null handler does.',
  ],
  'io.unhandleable': (p) => [
    `Xen **cannot send** the request of ${who(p.vcpu)}.`,
    p.why === 'slotBusy' ? "Its slot in the server's page is not empty." : 'The size is not a power of two up to 8.',
  ],
  'ioreq.ready': (p) => [
    `Xen fills the slot of ${who(p.vcpu)} in server ${p.server}'s page: **READY**. The vCPU waits.`,
    `${p.write ? `Write of \`${value(p)}\`` : 'Read'} at \`${hex(p.gpa)}\`, ${plural(p.size, 'byte')}; an event channel wakes the device model.`,
  ],
  'ioreq.inprocess': (p) => [
    `XenGT takes the request of ${who(p.vcpu)}: **INPROCESS**.`,
    `It asks itself what lies at \`${hex(p.gpa)}\`: a register, or a page table that it follows.`,
  ],
  'ioreq.respReady': (p) => [
    `XenGT has done its part and answers: **RESP_READY**.`,
    `An event channel tells Xen that ${who(p.vcpu)} may go on.`,
  ],
  'vcpu.resume': (p) => [
    `Xen empties the slot; **${who(p.vcpu)} resumes** behind its instruction.`,
    p.write ? 'The write is complete, for the guest as for the shadow.' : `It read \`${value(p)}\`.`,
  ],
  'dm.create': (p) => [
    `XenGT becomes **ioreq server ${p.server}**.`,
    'An ioreq server is a device model that Xen can send accesses to.',
  ],
  'dm.mapRange': (p) => [
    `XenGT asks for memory \`${hex(p.start)}\` to \`${hex(p.end)}\`: **range ${p.ranges}** of its rangeset.`,
    'Xen will send accesses there to it. A rangeset holds at most 256 ranges.',
  ],
  'dm.unmapRange': (p) => [
    `XenGT gives the range at \`${hex(p.start)}\` **back**.`,
    `${plural(p.ranges, 'range')} left in its rangeset.`,
  ],
  'dm.claim': () => [
    `XenGT **claims** the type ioreq_server, for writes.`,
    'From now on every write to a page of this type is its business; a second claim would get EBUSY.',
  ],
  'dm.enable': () => ['XenGT **enables** its server.', 'A disabled server is passed over when Xen looks for one.'],
  'dm.protect': (p, { typeNames }) => [
    `XenGT makes the ${tableName(p.level)} in frame \`${hex(p.gfn)}\` a page of type **${typeNames[15]}**.`,
    'Its EPT entry loses w: from now on each write to this table exits.',
  ],
  'dm.unprotect': (p) => [
    `XenGT makes frame \`${hex(p.gfn)}\` **plain RAM** again.`,
    'It is no page table any more; its writes need no watching.',
  ],
  'dm.register': (p) =>
    p.asks === 'create'
      ? [
          'The guest says: **a PPGTT begins**. XenGT will follow its tables.',
          "VGT_G2V_PPGTT_L4_PAGE_TABLE_CREATE in the PVINFO page; the PML4's address came just before.",
        ]
      : p.asks === 'destroy'
        ? [
            'The guest says: **the PPGTT is gone**. XenGT lets its tables go.',
            'VGT_G2V_PPGTT_L4_PAGE_TABLE_DESTROY in the PVINFO page.',
          ]
        : [
            `XenGT notes \`${hex(p.low)}\` in **register** \`${hex(p.offset)}\` of the PVINFO page.`,
            'Half of the address of the PML4, for the message that follows.',
          ],
  'dm.write': (p) => [
    `XenGT carries the write out: **entry ${p.index}** of the guest's ${p.tracked ? tableName(p.level) : 'page'} is now \`${value(p)}\`.`,
    p.tracked
      ? 'Through its own mapping, past the EPT. The shadow still has the old entry.'
      : 'It does not follow this page any more, so nothing else is to be done.',
  ],
  'dm.read': (p) => [
    `XenGT gets a **read** of frame \`${hex(p.gfn)}\` that it never asked for.`,
    'It answers with all ones.',
  ],
  'dm.shadowTable': (p) => [
    `XenGT makes a **shadow** for the ${tableName(p.level)} in frame \`${hex(p.gfn)}\`, in its frame \`${hex(p.mfn)}\`.`,
    p.entries === 0
      ? "The guest's table is empty so far."
      : `${plural(p.entries, 'entry', 'entries')} already there ${p.entries === 1 ? 'is' : 'are'} translated.`,
  ],
  'dm.shadowEntry': (p) => [
    p.target === null
      ? `XenGT **clears entry ${p.index}** of the shadow ${tableName(p.level)}.`
      : `XenGT writes **entry ${p.index}** of the shadow ${tableName(p.level)}: machine frame \`${hex(p.target)}\`.`,
    p.target === null
      ? "The guest's entry is not present, or leads to a table that XenGT could not protect."
      : p.level === 0
        ? "The p2m says which machine frame is behind the guest's; the GPU runs on this one."
        : 'It points to the shadow of the child table.',
  ],
  'dm.dropTable': (p) => [
    `XenGT **drops the shadow** of the ${tableName(p.level)} in frame \`${hex(p.gfn)}\`.`,
    'The guest unlinked this table.',
  ],
  'domain.unpause': (p) => [
    `The toolstack **lets the guest run**: ${plural(p.vcpus, 'vCPU')}.`,
    'The device model is ready; until now the domain was paused.',
  ],
};

/** What a step did, from its last event; a refusal is told as one. */
export function describe(events: readonly AnyEvent[], names: Names): { sentence: Sentence; why: Sentence } {
  const event = events.at(-1);
  if (!event) {
    return {
      sentence: say('The guest is **built and paused**; the device model has not started.'),
      why: say('Step forwards: XenGT will create its ioreq server first.'),
    };
  }
  return tell(event, names);
}

export function tell(event: AnyEvent, names: Names): { sentence: Sentence; why: Sentence } {
  if (event.errno) return refusal(event, event.errno);
  const teller = TELL[event.code] as Teller<EventCode>;
  const [what, why] = teller(event.params, names);
  return { sentence: say(what), why: say(why) };
}
