/** What stands on the printed sheet beside the picture. */
export const HANDOUT = {
  name: 'Handout',
  where: (version: string, memory: string, step: string, of: string): string =>
    `Xen ${version}, ${memory} of guest memory, step ${step} of ${of}.`,
  hash: (hash: string): string => `State ${hash}.`,
  events: 'In this step',
  census: 'Frames by type',
  type: 'Type',
  frames: 'Frames',
  costs: 'Costs so far, model cycles',
  primitive: 'Primitive',
  times: 'Times',
  cycles: 'Cycles',
} as const;
