/** Why an arrow of a chart bounces: for each rule that a refusal names, one teaching sentence and the function that says no. */
import type { Refusal } from '../engine/machines/chart';
import { say, type Sentence } from './parts';

interface Words {
  /** In two to five words, beside the cross. */
  readonly short: string;
  readonly says: string;
  readonly by: string;
}

const CLAIM_CALL = 'hvm_map_mem_type_to_ioreq_server';
const CHANGE = 'allow_p2m_type_change';

/** By rule; one that means another thing at one event stands under `event.rule`. */
const RULES: Readonly<Record<string, Words>> = {
  noClaim: { short: 'no claims yet', says: 'This version of Xen has no claims.', by: CLAIM_CALL },
  noHap: {
    short: 'shadow paging',
    says: 'Only a guest with hardware-assisted paging can have pages of the type.',
    by: CLAIM_CALL,
  },
  held: {
    short: 'somebody holds it',
    says: 'A server holds the claim; one owner at a time.',
    by: 'p2m_set_ioreq_server',
  },
  outstanding: {
    short: 'entries are left',
    says: 'Entries of the type are left: the next owner would get writes to pages that it never asked for.',
    by: 'p2m_set_ioreq_server',
  },
  'log_dirty.outstanding': {
    short: 'entries are left',
    says: 'Log-dirty rewrites the types of the whole map, and the owner of these pages would lose them.',
    by: 'hap_enable_log_dirty',
  },
  notHolder: {
    short: 'not the holder',
    says: 'Only who holds the claim can give it up.',
    by: 'p2m_set_ioreq_server',
  },
  unclaimed: {
    short: 'nobody holds it',
    says: 'While nobody holds the claim, no page can be made of the type: a write to it would go to nobody.',
    by: 'set_mem_type',
  },
  reserved: {
    short: 'the default server',
    says: 'This id is kept for the default server, which no caller can name.',
    by: 'IOREQ_SERVER_ID',
  },
  meaningless: {
    short: 'no such claim',
    says: 'There is one type to claim as merged, and it can be claimed for writes only.',
    by: CLAIM_CALL,
  },
  noServer: {
    short: 'no such server',
    says: 'There is no server of this id, or callers do not know it.',
    by: 'hvm_destroy_ioreq_server',
  },
  ringMode: {
    short: 'no such ring',
    says: 'A server has no buffered ring, one, or one with atomic pointers.',
    by: 'hvm_create_ioreq_server',
  },
  noSlot: {
    short: 'the table is full',
    says: 'The domain has as many servers as it can have.',
    by: 'hvm_create_ioreq_server',
  },
  secondDefault: {
    short: 'there is one already',
    says: 'What nobody else takes can go to one default server only.',
    by: 'hvm_create_ioreq_server',
  },
  onlyRam: {
    short: 'only ram_rw may become type 15',
    says: 'Since the claim only plain memory may become type 15, so that nothing is lost when it goes back.',
    by: CHANGE,
  },
  backToRam: {
    short: 'may only go back to ram_rw',
    says: 'A page of type 15 may become plain memory again, and nothing else.',
    by: CHANGE,
  },
  notRam: {
    short: 'no memory here',
    says: 'Only memory changes its type so; where nothing is, a device model can ask for mmio_dm.',
    by: CHANGE,
  },
  paged: {
    short: 'it is being paged',
    says: 'The content of the page is with the pager: Xen asks for it, and the caller may try again.',
    by: 'set_mem_type',
  },
  shared: {
    short: 'it is shared',
    says: 'The frame belongs to several guests: its type is not for one of them to change.',
    by: 'set_mem_type',
  },
  notPageable: {
    short: 'cannot be paged',
    says: 'Only plain memory can be paged out: a page with an owner, or of a device, has to stay.',
    by: 'p2m_mem_paging_nominate',
  },
  notNominated: {
    short: 'not chosen before',
    says: 'The pager chooses a page first, and only then takes its frame.',
    by: 'p2m_mem_paging_evict',
  },
  notPaged: {
    short: 'not paged out',
    says: 'Only what the pager has taken can be given back.',
    by: 'p2m_mem_paging_prep',
  },
  notSharable: {
    short: 'cannot be shared',
    says: 'Only plain memory can be shared: a page with an owner, or of a device, stays as it is.',
    by: 'nominate_page',
  },
  isRam: {
    short: 'memory is there',
    says: 'What has a frame cannot be promised one.',
    by: 'guest_physmap_mark_populate_on_demand',
  },
  mapped: {
    short: "somebody else's page",
    says: "The gfn holds somebody else's page: who mapped it there must unmap it. Xen crashes the domain.",
    by: 'guest_physmap_add_entry',
  },
  'map_mmio.mapped': {
    short: "somebody else's page",
    says: "The gfn holds somebody else's page: who mapped it there must unmap it. Xen crashes the domain.",
    by: 'set_typed_p2m_entry',
  },
};

/** For a rule that has no words yet. */
const BY_ERRNO: Readonly<Record<string, string>> = {
  EINVAL: 'What is asked makes no sense here.',
  EBUSY: 'Something else is in the way.',
  ENOENT: 'There is no such thing.',
  ENOMEM: 'There is no memory left for it.',
  EEXIST: 'There is one already.',
  EAGAIN: 'It cannot be done now, but may be later.',
  EOPNOTSUPP: 'This Xen, or this guest, does not know it.',
  ERESTART: 'Something more urgent waits; the call will be issued again.',
  ENOSPC: 'Every place is taken.',
  EPERM: 'The caller may not do this.',
};

const wordsFor = (event: string, { rule }: Refusal): Words | undefined => RULES[`${event}.${rule}`] ?? RULES[rule];

export const knownRule = (event: string, refused: Refusal): boolean => wordsFor(event, refused) !== undefined;

/** Beside the cross. */
export const refusedShort = (event: string, refused: Refusal): string => wordsFor(event, refused)?.short ?? '';

/** `**EBUSY** A server holds the claim; one owner at a time. p2m_set_ioreq_server`. */
export function refusedSentence(event: string, refused: Refusal): Sentence {
  const words = wordsFor(event, refused);
  const text = words ? `${words.says} \`${words.by}\`` : (BY_ERRNO[refused.errno] ?? 'Xen refuses it.');
  return say(`**${refused.errno}** ${text}`);
}

/** Of an offer of which no arrow is known. */
export const errnoSentence = (errno: string): Sentence => say(`**${errno}** ${BY_ERRNO[errno] ?? 'Xen refuses it.'}`);
