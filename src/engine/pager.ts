/**
 * What Xen does beside the p2m for an access that meets a page which is paged out or shared: it asks the pager, who does
 * nothing by himself here, and it un-shares at once. Counterpart: xen/arch/x86/mm/p2m.c: p2m_mem_paging_populate;
 * mm/mem_sharing.c: __mem_sharing_unshare_page. Left out: the pager's ring, and memory that is not to be had.
 */
import { NO_ENVIRONMENT, type Environment } from './dm';
import { failed } from './errno';
import { memPaging, memSharing } from './physmap';

export const SERVED: Environment = {
  ...NO_ENVIRONMENT,
  unshare: (p2m, gfn) => !failed(memSharing(p2m, gfn, 'unshare')),
  pageIn: (p2m, gfn) => void memPaging(p2m, gfn, 'populate'),
};
