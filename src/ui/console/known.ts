/** What completion is told of the run that is open. */
import type { Known } from '../../scenarios/lines-complete';
import type { Session } from '../../state/session.svelte';

const NOTHING: Known = { servers: [], types: [], gfn: 0, vcpus: 1, flags: [2, 0] };

export function knownOf({ info, picture, view }: Session): Known {
  if (!info || !picture) return NOTHING;
  const has = (patch: string): boolean => info.patches.some((name) => name === patch);
  const server = has('typeRenamed')
    ? ['HVMMEM_ioreq_server']
    : has('writeDm') && !has('typeWithdrawn')
      ? ['HVMMEM_mmio_write_dm']
      : [];
  const numbered = Array.from({ length: info.numbered }, (_, n) => `HVMMEM_ioreq_server${n}`);
  return {
    servers: picture.servers.flatMap(({ id, isDefault }) => (isDefault ? [] : [id])).sort((a, b) => a - b),
    types: ['HVMMEM_ram_rw', 'HVMMEM_ram_ro', 'HVMMEM_mmio_dm', ...(info.numbered > 0 ? numbered : server)],
    gfn: view.gfn ?? picture.entry.gfn,
    vcpus: info.guest.vcpus,
    // As merged, a claim is for writes.
    flags: info.numbered > 0 ? [1, 2, 3, 0] : [2, 0],
  };
}
