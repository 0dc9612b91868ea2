/** A session as a script: what script.ts reads. */
import { SCENARIOS } from '.';
import { SCRIPT_HEAD } from './bounds';
import { PATCH_NAMES } from './lines-player';
import { isFile } from './migrate';
import { SCRIPT, type Done, type File } from './script';

/** Of a file what a script has words for; with more than these it is opened as it is. */
const SAID = new Set(['format', 'base', 'version', 'patches', 'guest']);
/** What changes no run: of a shipped scenario all of this is left out, of another what was tried and answered. */
const BESIDE = new Set(['$schema', 'title', 'start', 'marks', 'screen', 'histories', 'answers']);
const TRIED = new Set(['histories', 'answers']);

/**
 * A scenario file with what was done in it, as a script. `version`: that of the session, said where patches are switched.
 * Histories that were left, answers and, of a shipped scenario, marks are not in it.
 */
export function scriptOf(file: File, version: string): string {
  const { acts, at, ...rest } = file;
  const lines = [`${SCRIPT_HEAD} ${SCRIPT}`, ...opening(rest, acts, version)];
  for (const { step, do: line } of Array.isArray(acts) ? (acts as readonly Done[]) : [])
    lines.push(`at ${step} ${line}`);
  const { step, hash } = isFile(at) ? at : {};
  if (typeof step === 'number') lines.push(`seek ${step}${typeof hash === 'string' ? ` hash=${hash}` : ''}`);
  return `${lines.join('\n')}\n`;
}

function opening(file: File, acts: unknown, version: string): string[] {
  const shipped = SCENARIOS.find(({ name }) => name === file.base);
  const left = shipped ? BESIDE : TRIED;
  const kept = Object.fromEntries(Object.entries(file).filter(([field]) => !left.has(field)));
  // Said as it is where a script has no words for it: that nothing is done, too.
  const nothing = Array.isArray(acts) && acts.length === 0 ? { acts } : {};
  const lines = shipped && !('acts' in nothing) ? briefly(kept, version) : null;
  return lines ?? [`open ${JSON.stringify({ ...kept, ...nothing })}`];
}

/** null: there is more in it than a script has words for. */
function briefly(file: File, version: string): string[] | null {
  const patches = switched(file.patches);
  const guest = isFile(file.guest) ? Object.entries(file.guest) : [];
  const memory = guest.every(([field, value]) => field === 'memory' && typeof value === 'string');
  if (!Object.keys(file).every((field) => SAID.has(field)) || !memory || !patches) return null;
  return [
    `open ${String(file.base)}`,
    ...(file.version === undefined && file.patches === undefined ? [] : [`version ${version}`]),
    ...patches,
    ...guest.map(([, value]) => `memory ${String(value)}`),
  ];
}

function switched(patches: unknown): string[] | null {
  if (patches === undefined) return [];
  if (!isFile(patches)) return null;
  const lines = (['on', 'off'] as const).flatMap((way) => {
    const names = patches[way] ?? [];
    return Array.isArray(names) ? (names as unknown[]).map((name) => ({ name, way })) : [{ name: null, way }];
  });
  const known = (name: unknown): boolean => PATCH_NAMES.some((one) => one === name);
  return lines.every(({ name }) => known(name)) ? lines.map(({ name, way }) => `patch ${String(name)} ${way}`) : null;
}
