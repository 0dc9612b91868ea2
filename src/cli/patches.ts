/** Xen's history on the command line: its patches and versions as lists, and patches to switch on and off. */
import { PATCHES, PRESETS, type PatchName } from '../engine/patches';
import { PATCH_NAMES, type Switches } from '../scenarios/xen-set';
import { patchTitle } from '../words/patches';
import { VERSION_NAMES } from '../words/versions';
import { InputError } from './input';

/** A line a patch: commit, day, name, title. */
export const listPatches = (): string[] =>
  PATCHES.map(({ id, date, name, reverted }) => {
    const title = patchTitle(name) + (reverted ? ` (reverted ${reverted})` : '');
    return `${id}  ${date}  ${name.padEnd(20)}  ${title}`;
  });

/** A line a version: name, a day on which Xen was so, title. */
export const listVersions = (): string[] =>
  PRESETS.map(({ name, date }) => `${name.padEnd(11)}  ${date}  ${VERSION_NAMES[name]}`);

/** `a,-b`: a on, b off. Throws InputError: no such patch, or one that is both. */
export function parsePatches(text: string): Switches {
  const [on, off]: [PatchName[], PatchName[]] = [[], []];
  for (const word of text.split(',')) (word.startsWith('-') ? off : on).push(patch(word.replace(/^-/, '')));
  const both = on.find((name) => off.includes(name));
  if (both) throw new InputError(`--patches ${text}: ${both} is both on and off`);
  return { on, off };
}

/** `--patches -b` is meant as `--patches=-b`; parseArgs would take it for two options. */
export const joinPatches = (argv: readonly string[]): string[] =>
  argv.flatMap((word, i) => {
    if (word === '--patches' && /^-[^-]/.test(argv[i + 1] ?? '')) return [];
    return argv[i - 1] === '--patches' && /^-[^-]/.test(word) ? [`--patches=${word}`] : [word];
  });

function patch(word: string): PatchName {
  const found = PATCH_NAMES.find((name) => name === word);
  if (found) return found;
  throw new InputError(
    `--patches: there is no patch ${JSON.stringify(word)}: must be one of ${PATCH_NAMES.join(', ')}`,
  );
}
