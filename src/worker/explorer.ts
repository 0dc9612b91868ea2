/** The entry of a worker that does jobs (src/explore/jobs.ts), one at a time. */
import { serveJobs } from './serve-jobs';

serveJobs(globalThis);
