/** A guest to be measured: plain, of 4 KiB pages, with one vCPU. */
import { defaultPool, PLAIN, type Config, type Op } from '../../engine/config';
import { VERSIONS } from '../../engine/patches';

export function configOf(memory: number, program: readonly Op[], more: Partial<Config> = {}): Config {
  return {
    ...PLAIN,
    xen: VERSIONS.claim,
    memory,
    order: 0,
    pool: defaultPool(memory, 1),
    rangeCap: 256,
    tablePages: 'scattered',
    programs: [program],
    seed: 1,
    ...more,
  };
}
