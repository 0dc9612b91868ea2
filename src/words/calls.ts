/** Hypercalls by the user's hand, in sentences. They are the toolstack's: dom0 makes them. */
import type { RangeKind } from '../engine/ioreq-table';
import type { EventCode } from '../engine/trace';
import { hex, plural } from './format';
import { STAYS } from './other-designs';
import { CLAIMED, type Tellers } from './teller';

export type CallCode = Extract<EventCode, `call.${string}`>;

/** A server as the sentences call it; `xengt` is the id of XenGT's. */
export const serverName = (server: number, xengt: number): string =>
  server === xengt && server !== 0 ? 'XenGT' : `server ${server}`;
const whose = (server: number, xengt: number): string =>
  server === xengt && server !== 0 ? "XenGT's server" : `server ${server}`;

const PAGING = {
  nominate: [
    '**chooses** frame',
    'to be paged out',
    'Its frame of memory is there until it is evicted; who touches the page asks for it.',
  ],
  evict: [
    'takes the **memory** of frame',
    'away',
    'Its content lies with the pager now. Who touches the page waits for it.',
  ],
  populate: [
    'asks for frame',
    '**back from the pager**',
    'An access of the guest would ask the same. The page is on its way once the pager hears of it.',
  ],
  prep: [
    'gives frame',
    'its **memory back**',
    'The pager has put the content there; the guest must not touch it before it is resumed.',
  ],
  resume: ['says that frame', 'is **back**', 'A page that had been asked for, and has memory, is plain RAM again.'],
} as const;

export const CALLS: Pick<Tellers, CallCode> = {
  'call.create': (p) => [
    `The toolstack makes **server ${p.server}**, with no device model behind it.`,
    'It may claim the type like any other; what Xen then sends to it nobody answers.',
  ],
  'call.destroy': (p) => [
    p.server === p.xengt
      ? `The toolstack destroys **XenGT's server**: XenGT is gone with it.`
      : `The toolstack **destroys** server ${p.server}.`,
    p.outstanding === 0
      ? 'Its claims and ranges go with it. Whoever waited for an answer wakes and finds it gone.'
      : `${plural(p.outstanding, 'page')} ${p.outstanding === 1 ? 'stays' : 'stay'} ${STAYS[p.watch]}: destroying a server resets none of them.`,
  ],
  'call.state': (p) => [
    `The toolstack **${p.enabled ? 'enables' : 'disables'}** ${whose(p.server, p.xengt)}.`,
    p.enabled
      ? 'Its ranges count again when Xen looks for a server.'
      : 'Its ranges are passed over when Xen looks for a server. A claim that it holds counts as before.',
  ],
  'call.claim': (p, { typeNames }) => [
    `The toolstack **claims** the type ${typeNames[p.type]} for ${serverName(p.server, p.xengt)}: ${CLAIMED[p.flags]}.`,
    'Each such access to a page of the type is sent to the holder of the claim, and to nobody else.',
  ],
  'call.release': (p, { typeNames }) => [
    `The toolstack **gives up** the claim of ${serverName(p.server, p.xengt)} on ${typeNames[p.type]}: flags 0.`,
    p.outstanding === 0
      ? 'Xen counts no page of the type, so nothing has to be reset.'
      : `${plural(p.outstanding, 'page')} ${p.outstanding === 1 ? 'is' : 'are'} of the type, and nobody's now.`,
  ],
  'call.mapRange': (p) => [
    `The toolstack gives ${whole(p)} to **${serverName(p.server, p.xengt)}**.`,
    p.list === 'memory'
      ? 'Accesses there that nobody else answers are sent to it. What is trapped stays as it is: no page changes its type.'
      : 'What is trapped there is sent to it. What is trapped stays as it is: no page changes its type.',
  ],
  'call.unmapRange': (p) => [
    `The toolstack takes ${whole(p)} **away** from ${serverName(p.server, p.xengt)}.`,
    'A page that is trapped stays so; Xen looks for another server then, and drops a write for which it finds none.',
  ],
  'call.setMemType': (p, { typeNames }) => [
    p.frames === 1
      ? `The toolstack makes frame \`${hex(p.gfn)}\` a page of type **${name(p.type, typeNames)}**.`
      : `The toolstack makes ${plural(p.frames, 'frame')} from \`${hex(p.gfn)}\` on **${name(p.type, typeNames)}**.`,
    'Any device model may ask so for any page; Xen does not look whose it is.',
  ],
  'call.addPage': (p) => [
    `The toolstack puts **machine frame** \`${hex(p.mfn)}\` at frame \`${hex(p.gfn)}\` of the guest.`,
    'Whatever the page was before, it is plain RAM now; whoever watched it watches no more.',
  ],
  'call.removePage': (p) => [
    `The toolstack **takes** frame \`${hex(p.gfn)}\` out of the guest's map.`,
    'Nothing is mapped there any more; whoever watched it watches nothing.',
  ],
  'call.paging': (p) => {
    const [does, then, why] = PAGING[p.what];
    return [`The pager ${does} \`${hex(p.gfn)}\` ${then}.`, why];
  },
  'call.sharing': (p) =>
    p.what === 'share'
      ? [
          `The toolstack **shares** frame \`${hex(p.gfn)}\` with guests that have the same content.`,
          'It is read-only from now on: a write must get a frame of its own first.',
        ]
      : [
          `The toolstack gives frame \`${hex(p.gfn)}\` memory **of its own** again.`,
          'A write of the guest would have come to the same.',
        ],
};

/** What a range of a server spans: addresses, or frames. */
const whole = ({ list, start, end }: { list: RangeKind; start: number; end: number }): string => {
  if (list !== 'wp_mem') return `memory \`${hex(start)}\` to \`${hex(end)}\``;
  return start === end ? `frame \`${hex(start)}\`` : `frames \`${hex(start)}\` to \`${hex(end)}\``;
};
const name = (type: number | null, typeNames: readonly string[]): string => (type === null ? 'none' : typeNames[type]!);
