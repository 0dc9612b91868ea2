/**
 * Xen itself cannot go on: a check that every build makes (`BUG_ON`) failed, or it touched an address where nothing is. The
 * host stops there, so no answer comes back. Thrown, since what called it has no way on; who runs a world takes the step
 * back or ends there.
 */
export type BugCode =
  /** p2m_entry_modify: an entry of type 15 or of a foreign page, said to be larger than 4 KiB. */
  | 'entryLevel'
  /** rangeset_add_range, rangeset_remove_range: a walk ran off the list, for a range that ends before it starts. */
  | 'nullPointer';

export class XenBug extends Error {
  override readonly name = 'XenBug';
  constructor(readonly code: BugCode) {
    super(code);
  }
}
