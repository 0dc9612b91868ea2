/**
 * A check that every build of Xen makes (`BUG_ON`) and that failed: the host stops there, so no answer comes back. Thrown,
 * since what called it has no way on; who runs a world takes the step back or ends there.
 */
export type BugCode =
  /** p2m_entry_modify: an entry of type 15 or of a foreign page, said to be larger than 4 KiB. */
  'entryLevel';

export class XenBug extends Error {
  override readonly name = 'XenBug';
  constructor(readonly code: BugCode) {
    super(code);
  }
}
