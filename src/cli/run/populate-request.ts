/**
 * What a command asks of populate; all that follows from the options and settings that every such command has
 * is set here.
 */
import { lockChoice } from '#cli/options/lock-options.js';
import { workersOf } from '#cli/settings/workers.js';
import type { PopulateRequest } from '#ingest/run/request.js';
import type { RunTools } from './populate-run.js';

type Decided =
  | 'layout'
  | 'concurrency'
  | 'workers'
  | 'adoptSource'
  | 'archiveMayBeGone'
  | 'breakLock'
  | 'waitLock';
type Optional = 'recheck' | 'dryRun';

export type AskedOfPopulate = Omit<PopulateRequest, Decided | Optional> &
  Partial<Pick<PopulateRequest, Optional>>;

/** Throws UsageError. */
export function populateRequest(
  asked: AskedOfPopulate,
  flags: Readonly<Record<string, unknown>>,
  { context, connection, environment }: Pick<RunTools, 'context' | 'connection' | 'environment'>,
): PopulateRequest {
  return {
    recheck: false,
    dryRun: false,
    ...asked,
    layout: context.layout,
    concurrency: connection.concurrency,
    workers: workersOf(context.settings, environment),
    adoptSource: context.adoptSource,
    archiveMayBeGone: flags['force'] === true,
    ...lockChoice({ flags, environment }),
  };
}
