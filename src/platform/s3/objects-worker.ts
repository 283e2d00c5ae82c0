/** The entry of the thread that asks an S3 server for who waits (objects-thread.ts). */
import { workerData } from 'node:worker_threads';
import { serveObjects, type ThreadData } from './serve-objects.js';

serveObjects(workerData as ThreadData);
