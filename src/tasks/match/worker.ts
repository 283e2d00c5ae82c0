/** The entry of matching's worker thread. */
import { serveJobs } from '#platform/threads/jobs.js';
import { matchJobs } from './jobs.js';

serveJobs(matchJobs());
