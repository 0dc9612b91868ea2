/** The designs that a configuration can name. What each is: its own file; the words for them: src/words/designs.ts. */
export const DESIGN_NAMES = [
  'xen',
  'none',
  'mmio_dm',
  'hash_table',
  'three_rangesets',
  'page_track',
  'write_protect',
  'out_of_sync',
  'paravirtual',
] as const;
export type DesignName = (typeof DESIGN_NAMES)[number];
