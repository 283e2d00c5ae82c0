/**
 * Matching from beginning to end: look, match, read and judge, write. What has not changed since the last run
 * is neither matched nor read nor written again. Nothing has its final name before everything is read; price
 * files come first, the reports next, the state last.
 */
import path from 'node:path';
import { removeTemporaries } from '#platform/disk/durable.js';
import { acquireLock, type Lock } from '#platform/lock/lock.js';
import { readState } from '#store/matching/state.js';
import { changesSince } from './changes.js';
import { checkRoom } from './check-room.js';
import { finishRun } from './finish-run.js';
import { lookAtInputs } from './inputs.js';
import { foretold, type MatchPlan, planRun } from './plan-run.js';
import { pricesFolder } from './plan-sources.js';
import { readPrices } from './read-prices.js';
import type { MatchRequest } from './request.js';
import type { MatchResult } from './result.js';
import { settledResult } from './settled-run.js';

/** Throws MatchInputError, NewerStateError, LockedError, the signal's reason, or the disk's error. */
export async function matchToArchive(request: MatchRequest): Promise<MatchResult> {
  const inputs = await lookAtInputs(request.places);
  if (request.dryRun) return foretold(planRun(request, inputs, await readState(request.places.stateFile)));
  const folder = path.dirname(request.places.stateFile);
  const lock = await acquireLock({
    folder,
    what: 'matching',
    command: 'match',
    now: request.now,
    force: request.breakLock,
    wait: request.waitLock,
  });
  try {
    if (lock.tookOver) for (const left of foldersOf(request)) await removeTemporaries(left);
    return await carryOut(planRun(request, inputs, await readState(request.places.stateFile)), lock);
  } finally {
    await lock.release();
  }
}

async function carryOut(plan: MatchPlan, lock: Lock): Promise<MatchResult> {
  const { request, planned } = plan;
  const settled = settledResult(plan);
  if (settled !== undefined) {
    request.onEvent({ type: 'unchanged' });
    return settled;
  }
  await checkRoom(planned, request);
  const tell = (outputs: readonly string[]): void => {
    const changes = changesSince({ ...plan, outputs });
    request.onEvent(changes.length === 0 ? { type: 'unchanged' } : { type: 'changed', changes });
  };
  const isToRead = planned.some(({ task }) => task !== undefined);
  if (isToRead) tell([]);
  const results = await readPrices(planned, request);
  return finishRun(plan, results, { lock, tell: isToRead ? () => undefined : tell });
}

/** Where a run that was killed may have left unfinished files. */
function foldersOf(request: MatchRequest): ReadonlySet<string> {
  const { indexFile, matchReport, unmatchedReport, stateFile } = request.places;
  const files = [indexFile, matchReport, unmatchedReport, stateFile];
  return new Set([...files.map((file) => path.dirname(file)), pricesFolder(request)]);
}
