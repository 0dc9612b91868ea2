/**
 * The words that answers are made of, as codes: what words/questions.ts has a sentence for, each. Types and constants only.
 */

/**
 * What becomes of an access, seen from its end: those of OUTCOMES (worker/protocol.ts) that are ends, and what else there is.
 * Of a driver's operation, which is many accesses: of the one that went amiss (lost, bypassed, orphaned), else of the last.
 */
export const ACCESS_OUTCOMES = [
  /** The tables permit it: the processor makes it, Xen hears nothing. */
  'plain',
  /** It left the guest, Xen changed the page's entry or found it in order, and the processor made it after all. */
  'retried',
  /** A device model is sent it, and answers. */
  'forwarded',
  /** Put into a buffered ring: nobody waits for an answer. */
  'buffered',
  /** Xen carries it out itself, by a copy of its own. */
  'copied',
  /** Nobody owns it, and Xen drops the write, as the page's type asks for. */
  'discarded',
  /** Nobody owns it: the read gives all ones. */
  'ones',
  /** Xen drops a write that should have reached a page of RAM. */
  'lost',
  /** It got into a page that XenGT follows without XenGT hearing of it. */
  'bypassed',
  /** Xen's own copy is refused, and nothing is written: the answer of a hypercall into such a page. */
  'refused',
  /** The device model died over it. */
  'orphaned',
  /** Its vCPU, or the domain, or Xen, stopped with it. */
  'stopped',
] as const;
export type AccessOutcome = (typeof ACCESS_OUTCOMES)[number];

/** Who gets to see an access, the one nearest the guest's intent first: a device model that is sent it counts before Xen. */
export const WHO_SEES = [
  /** XenGT: it is sent a request, or called. */
  'xengt',
  /** The default device model. */
  'qemu',
  /** A server made by hand, behind which nobody is. */
  'server',
  /** Xen alone: the access left the guest, or Xen made it, and no device model was told. */
  'xen',
  /** Nobody: it goes straight to the page. */
  'nobody',
] as const;
export type WhoSees = (typeof WHO_SEES)[number];

/** What Xen does at a fault (an access that left the guest) or for a hypercall. */
export const XEN_DOES = [
  /** It does nothing, for there is no fault: the tables permit the access. */
  'nothing',
  /** It settles the marks on the way to the page and lets the access be made again. */
  'settle',
  /** It changes the page's type and lets the access be made again. */
  'change',
  /** It changes nothing and lets the access be made again, now or later. */
  'again',
  /** It sends the access to XenGT. */
  'xengt',
  /** It sends the access to the default device model. */
  'qemu',
  /** It sends the access to a server made by hand. */
  'server',
  /** It puts the write into the default device model's ring and goes on. */
  'buffer',
  /** It reads the page itself, for the first half of a read-modify-write. */
  'readHalf',
  /** It carries the access or the call out itself. */
  'carryOut',
  /** It drops the write. */
  'discard',
  /** It gives the read all ones. */
  'ones',
  /** It refuses the call, or the copy of its answer, with an error. */
  'refuse',
  /** It refuses the call, but some of it is done by then. */
  'refusePartly',
  /** It does what is asked. */
  'obey',
  /** It notes who owns the type, or that nobody does any more, and touches no page. */
  'own',
  'disown',
  /** It takes the owner away and marks the map: each page of the type is plain RAM once it is touched. */
  'mark',
  /** It does so, and goes over the map until the last page is reset; or goes over it and resets none. */
  'sweep',
  'sweepNone',
  'addRange',
  'removeRange',
  /** It changes the types of the pages; or answers that it has, and changes none. */
  'retype',
  'retypeNone',
  /** It destroys the server, and no page is of its type; or some are, and stay so. */
  'destroy',
  'destroyLeaving',
  /** It can send the access to nobody: the guest gets a fault, and the vCPU stops. */
  'inject',
  /** It crashes the domain. */
  'crash',
  /** It stops itself, and every domain with it. */
  'bug',
] as const;
export type XenDoes = (typeof XEN_DOES)[number];

/** Why an operation does not come to its end. */
export const NEVER_WHY = [
  /** The domain, or Xen, stops. */
  'stopped',
  /** Its vCPU stops for good. */
  'crashed',
  /** It is tried again for ever: nobody holds the page's type. */
  'retries',
  /** An instruction is fetched again for ever from a page that Xen holds to be in order. */
  'fetches',
  /** Its page is paged out, and no pager brings it back. */
  'paged',
  /** Nobody will ever answer. */
  'unanswered',
  /** The run is cut off before. */
  'cut',
] as const;
export type NeverWhy = (typeof NEVER_WHY)[number];

/** Type of a frame that no entry maps, where others are p2m type names (engine/p2m-type.ts). */
export const NO_ENTRY = 'none';
