/** The entry of a run's worker thread. */
import { workerData } from 'node:worker_threads';
import type { Wanted } from '#ingest/plan/wanted.js';
import { serveJobs } from '#platform/threads/jobs.js';
import { ingestJobs } from './jobs.js';

serveJobs(ingestJobs(workerData as Wanted));
