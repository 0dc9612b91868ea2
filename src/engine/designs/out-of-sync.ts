/**
 * GVT-g's "out of sync", on top of Xen as its patches have it: a leaf table that is written again and again is not worth an
 * exit a write. After so many it is plain RAM again, and XenGT brings its shadow in step when the GPU is given work, which is
 * when the shadow matters. What XenGT keeps for it is in xengt/out-of-sync.ts.
 */
import type { Design } from './design';
import { xen } from './xen';

export const outOfSync: Design = {
  ...xen,
  name: 'out_of_sync',
  outOfSync: true,
  unseen: (w, _vcpu, gfn) => !w.xengt.outOfSync(gfn),
};
