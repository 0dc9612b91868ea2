/** What was chosen on the page beside a scenario, as fields of its file. */
import { GIB, MIB } from '../engine/config';
import type { Changes } from '../scenarios/schema';
import { switchedBy } from '../scenarios/switches';
import type { Switches } from '../scenarios/xen-set';

type Fields = Readonly<Record<string, unknown>>;

const asObject = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/**
 * Fields that take the place of those of `file`; undefined: a field of the file's that goes. Another version is taken without
 * the patches that were switched before. `whole`: the file with all that it has from its base, where it names one.
 */
export function changedFields(file: Fields, changes: Changes, whole: Fields = file): Fields {
  const { version, memory, patches, design } = changes;
  const before: Switches = version === undefined ? asObject(whole['patches']) : {};
  // Not said at all, those of the base would come back.
  const none = 'base' in file || 'base' in whole ? { patches: {} } : { patches: undefined };
  return {
    ...(version === undefined ? {} : { version, ...('patches' in whole || 'base' in whole ? none : {}) }),
    ...(patches === undefined ? {} : { patches: switchedBy(before, patches) }),
    ...(memory === undefined ? {} : { guest: { ...asObject(file['guest']), memory: exactly(memory) } }),
    ...(design === undefined ? {} : { design }),
  };
}

/** As it is written in a file, without rounding. */
const exactly = (bytes: number): string | number =>
  bytes % GIB === 0 ? `${bytes / GIB} GiB` : bytes % MIB === 0 ? `${bytes / MIB} MiB` : bytes;
