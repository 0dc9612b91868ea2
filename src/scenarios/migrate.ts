/** Files of older formats become files of this one: a chain of pure functions, one for each format that there was. */

export const FORMAT = 2;

type File = Readonly<Record<string, unknown>>;

/** By the format that it reads: the same file in the next one. */
const STEPS: Readonly<Record<number, (file: File) => File>> = {
  // Format 2 only adds: loops and random accesses, a schedule, a base, lessons, what was done.
  1: (file) => ({ ...file, format: 2 }),
};

/** What is no file, or of no format that was, comes back as it is: the schema says what is wrong with it. */
export function migrate(input: unknown): unknown {
  if (!isFile(input)) return input;
  let file = input;
  for (let format = file.format; typeof format === 'number' && Object.hasOwn(STEPS, format); format = file.format)
    file = STEPS[format]!(file);
  return file;
}

/** What a file of a newer format is refused with. */
export function newerFormat(input: unknown): { readonly path: string; readonly message: string } | undefined {
  if (!isFile(input) || typeof input.format !== 'number' || !(input.format > FORMAT)) return undefined;
  const message = `is ${input.format}: made by a newer p2mscope; this one reads formats 1 to ${FORMAT}`;
  return { path: 'format', message };
}

export const isFile = (input: unknown): input is File =>
  typeof input === 'object' && input !== null && !Array.isArray(input);
