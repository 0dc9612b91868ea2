/**
 * Xen's patches for who reads about them: what each brings, what goes wrong without it. Apart from the page's other words,
 * which are there from the start. The versions' names are in versions.ts.
 */
import type { PatchName } from '../engine/patches';
import { say, type Sentence } from './parts';

interface Words {
  readonly title: string;
  /** What it brings, in one sentence or two. */
  readonly does: string;
  /** What Xen did before. */
  readonly without: string;
}

const WORDS: Readonly<Record<PatchName, Words>> = {
  writeDm: {
    title: 'A page type whose writes are trapped',
    does: 'A page of RAM can be of type 15: the guest reads it at full speed, and each write goes to a device model.',
    without:
      "Nobody can ask for the type, so the guest's writes to its GPU tables are plain writes that XenGT never sees.",
  },
  ramRangeset: {
    title: 'A fourth rangeset, for trapped RAM',
    does: 'Each server keeps its write-protected pages apart from its device memory, by frame number. The patch was taken back after 19 days.',
    without: 'GPU tables and device registers compete for the same 256 ranges.',
  },
  typeWithdrawn: {
    title: 'The type leaves the public interface',
    does: 'Before 4.7 the public name of type 15 is withdrawn, while another interface is on its way: Xen keeps the type, but nobody can ask for it.',
    without: 'A device model can make a page `HVMMEM_mmio_write_dm`.',
  },
  typeRenamed: {
    title: 'Renamed, and public again',
    does: 'The type is `p2m_ioreq_server` from here on, and a device model may ask for it again, by a new number.',
    without: 'It is `p2m_mmio_write_dm`; once that has been withdrawn, no page can be protected.',
  },
  ownResult: {
    title: 'set_mem_type tells of every refusal',
    does: 'In a call of `set_mem_type` each page has a result of its own.',
    without:
      'A page that may not change ends the call early, but after a page that did change the answer is still 0: the caller takes pages for protected that are not.',
  },
  lockThroughEmulation: {
    title: 'The lock is held through emulation',
    does: 'From the fault until the request is sent nobody else can change the type of the page.',
    without:
      'The lock is dropped before the write is emulated: if the type changes just then, the write goes to nobody.',
  },
  claim: {
    title: 'A server claims the type',
    does: 'One server claims type 15, and every write to such a page is sent to it. Pages need no ranges any more.',
    without: 'Each page is a range of the server: 256 at most, searched one by one at each write.',
  },
  rmwReads: {
    title: 'Xen serves the read half',
    does: 'Of an instruction that reads a claimed page and writes it, Xen serves the read from the page itself. Only the write is sent.',
    without:
      'The server is sent the read as well. XenGT, which wants writes only, has no good answer, and the value that is stored in the end is wrong.',
  },
  asyncReset: {
    title: 'A release resets its pages, in time',
    does: 'Xen counts the pages of type 15. A release marks the whole table, and a page is RAM again when it is next touched; until the last one is, no claim and no log-dirty.',
    without:
      'Pages stay of type 15 after a release: writes to them are retried for ever, and the next owner inherits them.',
  },
  syncSweep: {
    title: 'A release sweeps before it returns',
    does: 'The call that releases the claim goes through the table itself, 256 frames at a time, so that no page of the type is left.',
    without: 'The next claim is refused with EBUSY until the guest has happened to touch every page.',
  },
  sweepResolves: {
    title: 'The sweep finds what it looks for',
    does: 'The sweep settles the marks on the way to each frame, as a touch of the guest would.',
    without:
      'The sweep asks for the type first, is told what the type will be, and changes nothing: the next claim is refused for ever.',
  },
  rangeCheck: {
    title: 'A range may not end before it starts',
    does: 'Xen refuses such a range with EINVAL (XSA-238).',
    without: 'Such a range damages the list that it is added to or taken from.',
  },
  directionFlag: {
    title: 'Backward strings find their server',
    does: 'A string instruction that runs downwards is looked up by the bytes that it touches.',
    without: 'It is looked up as if it ran upwards: its write reaches another server, or none.',
  },
  mapHonours: {
    title: 'The emulator sends its writes on',
    does: 'The instruction emulator never maps a page of type 15 to write to it; the write is sent to the owner.',
    without: 'An emulated instruction writes to the page in place, unseen by the owner.',
  },
  copyHonours: {
    title: 'Copies into the guest are refused',
    does: "Xen's own copies into the guest, of a hypercall's results for one, stop at a page of type 15.",
    without: 'They write straight to the page, and the shadow is stale from then on.',
  },
  frameMapHonours: {
    title: 'Frames are lent to be read only',
    does: 'Where Xen maps a frame of the guest for a longer time, one of type 15 may only be read.',
    without: 'Xen writes to the frame through that mapping, unseen by the owner.',
  },
  shadowHonours: {
    title: 'Shadow paging refuses such a write',
    does: 'A write that shadow paging emulates is refused on a page of type 15.',
    without: 'It goes straight to the page, unseen by the owner.',
  },
  clippedRange: {
    title: 'Marks end where the map ends',
    does: 'Which frames are marked and which are noted as log-dirty are two ranges now, so that no mark is set where nothing is mapped. A range of a single frame is noted, but not marked.',
    without: 'One range serves for both, and that of a single frame is marked like any other.',
  },
  countHelper: {
    title: 'One counter for all tables: a defect',
    does: 'The counting of type 15 moves into one helper for every kind of table, with no change intended. But EPT tells it a level one too low: nothing is counted, and a release resets nothing.',
    without: 'Each kind of table counts its own entries, and counts right.',
  },
  sweepAnswersZero: {
    title: 'A release that went well answers 0',
    does: 'What the sweep found to change no longer shows in its answer.',
    without: 'It answers 0 or 1, by whether there was anything to change at the last frame that it swept.',
  },
  countLevel: {
    title: 'The counter is told the right level',
    does: 'EPT counts its levels from 0, the helper from 1. The one is now translated into the other.',
    without: 'On EPT the count stays 0 with any number of pages, and a release resets nothing.',
  },
  markLevel: {
    title: 'The mark is told the right level',
    does: 'A mark set in a whole table goes by the level of its entries, not of the entry above.',
    without:
      'Once the counter is told the right level everywhere else, a release with pages left stops the host at a `BUG`.',
  },
  deadServerReset: {
    title: 'A vCPU gets over a dead server',
    does: 'When a device model dies, the request of a vCPU that waits for it is reset.',
    without: 'The request stays READY for ever, and nothing can be emulated for this vCPU again.',
  },
  unbufferable: {
    title: 'What cannot be buffered is refused',
    does: 'A buffered request whose address, count or data do not fit the ring is refused.',
    without: 'It is answered with OKAY though nothing was queued: the write is lost without a trace.',
  },
  rangesetRemoval: {
    title: 'A removal widens no range',
    does: 'What is taken out of a rangeset shortens the range below only where the two meet.',
    without:
      'A removal that starts in a gap stretches the range below up to there, over addresses that nobody asked for.',
  },
};

export const patchTitle = (name: PatchName): string => WORDS[name].title;
export const patchDoes = (name: PatchName): Sentence => say(WORDS[name].does);
export const patchWithout = (name: PatchName): Sentence => say(WORDS[name].without);
