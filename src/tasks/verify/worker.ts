/** The entry of verify's worker thread. */
import { serveJobs } from '#platform/threads/jobs.js';
import { verifyJobs } from './jobs.js';

serveJobs(verifyJobs());
