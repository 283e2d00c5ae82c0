/**
 * Carries a plan out: adopts copies that progress.json does not know, reads out of the archive what is there,
 * fetches the rest, and hands every day through commit and series to its end. A day is reported as done only
 * when it is durable and recorded.
 */
import type { PlannedDay } from '#ingest/plan/plan.js';
import { newAttempts } from './attempts.js';
import type { Failure } from './failure.js';
import { fetchDays } from './fetch-days.js';
import { learnLeftOut } from './learn-left-out.js';
import { newRun } from './new-run.js';
import { readCopies, rebuildWaiting } from './read-copies.js';
import type { Run, RunParts } from './run.js';

export interface RunEnd {
  readonly failure: Failure | undefined;
  /** Tickers of a day that was read, where some was fetched. */
  readonly market: ReadonlySet<string> | undefined;
}

export async function runPlan(planned: readonly PlannedDay[], parts: RunParts): Promise<RunEnd> {
  const { context, progress } = parts;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let failure: Failure | undefined;
  const fail: Run['fail'] = (error, what) => {
    if (signal.aborted) return;
    failure = { error, ...(what === undefined ? {} : { while: what }) };
    stop.abort();
  };
  let todo = planned.filter(({ action }) => action !== 'none');
  const run = newRun(parts, todo.length, { signal, fail });
  const attempts = newAttempts(run);
  try {
    const plan = await learnLeftOut(planned, parts);
    todo = plan.filter(({ action }) => action !== 'none');
    const dataset = parts.request.dataset.name;
    const adopted = plan.flatMap(({ day, adopt: record }) =>
      record === undefined ? [] : [{ step: 'day', dataset, day, record } as const],
    );
    if (adopted.length > 0) await progress.record(adopted);
    await readCopies(todo, run, attempts);
    if (!signal.aborted) await fetchDays(todo, run, attempts);
  } catch (error) {
    fail(error);
  }
  try {
    await run.flow.finish();
    if (!signal.aborted) await rebuildWaiting(todo, run, attempts);
    await run.flow.finish();
  } catch (error) {
    if (error !== signal.reason) failure ??= { error };
  }
  return { failure, market: run.market.tickers };
}
