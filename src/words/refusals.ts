/** A refusal is content: the errno, one teaching sentence, and the function of Xen that says no. */
import type { Errno } from '../engine/errno';
import type { AnyEvent } from '../engine/trace';
import { hex } from './format';
import { say, type Sentence } from './parts';

export function refusal(event: AnyEvent, errno: Errno): { sentence: Sentence; why: Sentence } {
  const [what, why] = reason(event, errno);
  return { sentence: say(`**${errno}**: ${what}`), why: say(why) };
}

function reason(event: AnyEvent, errno: Errno): readonly [string, string] {
  const { code, params } = event;
  if (code === 'dm.mapRange' && errno === 'ENOMEM') {
    return [
      `the rangeset is full, XenGT cannot watch frame \`${hex(Math.floor(params.start / 4096))}\`.`,
      `${params.ranges} ranges are its cap (MAX_NR_IO_RANGES). The table stays unwatched and unshadowed.`,
    ];
  }
  if (code === 'dm.mapRange' && errno === 'EEXIST')
    return [
      'XenGT holds part of this range already.',
      'A rangeset keeps ranges apart; see `hvm_map_io_range_to_ioreq_server`.',
    ];
  if (code === 'dm.unmapRange')
    return [
      "this range is not wholly XenGT's.",
      'Only what was mapped can be taken back; see `hvm_unmap_io_range_from_ioreq_server`.',
    ];
  if (code === 'dm.claim' && errno === 'EBUSY')
    return [
      'the type has an owner, or pages of it are left from the last one.',
      'One owner at a time; see `p2m_set_ioreq_server`.',
    ];
  if (code === 'dm.protect' && errno === 'ENOMEM') {
    return [
      `Xen has no frame left to split the mapping of frame \`${hex(params.gfn)}\`.`,
      'A 4 KiB change inside a larger mapping needs page tables from the paging pool.',
    ];
  }
  if (code === 'dm.protect' || code === 'dm.unprotect') {
    return [
      `Xen does not change the type of frame \`${hex(params.gfn)}\`.`,
      'Which type may become which is decided in `set_mem_type`.',
    ];
  }
  return ['Xen refuses the request.', `Answered to ${code}.`];
}
