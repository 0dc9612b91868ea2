/** What the versions of Xen that can be chosen are called, by the scenario's name for them, oldest first. */
import type { Version } from '../engine/patches';

export const VERSION_NAMES: Readonly<Record<string, string>> = {
  'before-v7': 'Before v7: Xen 4.5',
  v7: 'v7 series: p2m_mmio_write_dm',
  '2016-02': 'Feb 2016: a fourth rangeset',
  '4.7': 'Xen 4.7: the type withdrawn',
  '4.8': 'Xen 4.8: p2m_ioreq_server',
  'claim-alone': 'Apr 2017: the claim alone',
  'claim-reads': 'Apr 2017: read halves',
  'claim-async': 'Apr 2017: asynchronous reset',
  'claim-sync': 'Apr 2017: a sweep of nothing',
  claim: 'Claim series, to eb13199100',
  '4.10': 'Xen 4.10: ranges checked',
  '2019-02': 'Feb 2019: no write unseen',
  '4.12': 'Xen 4.12: the count is lost',
  '2019-08': 'Aug 2019: a BUG at release',
  '4.13': 'Xen 4.13: the count mended',
  '4.14': 'Xen 4.14: dead servers reset',
  '4.20': 'Xen 4.20: no false OKAY',
  today: 'Today: all that has stayed',
} satisfies Record<Version, string>;
