import type { Problem } from '../scenarios/schema';

/** What a job was told cannot be done; all that is wrong, and where. */
export class JobError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('\n'));
  }
}
