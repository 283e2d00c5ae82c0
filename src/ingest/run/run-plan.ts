/**
 * Carries a plan out: adopts copies that progress.json does not know, reads out of the archive what is there, fetches the rest, and hands
 * every day through commit and series to its end. A day is reported as done only when it is durable and recorded.
 */
import pLimit from 'p-limit';
import { wayOf } from '#ingest/day/day-way.js';
import { fetchInOrder } from '#ingest/plan/fetch-order.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import { openSeriesFlow } from '#ingest/series/series-flow.js';
import type { FlushResult } from '#ingest/series/series-writer.js';
import { makeFolder } from '#platform/disk/durable.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { archiveFolder } from '#store/folder/layout.js';
import { type Attempts, newAttempts } from './attempts.js';
import { openCommitter } from './commit.js';
import type { Emit } from './events.js';
import type { Failure } from './failure.js';
import { readCopy } from './read-copy.js';
import { rebuildDays } from './rebuild-days.js';
import type { Run, RunParts } from './run.js';

export interface RunEnd {
  readonly failure: Failure | undefined;
  /** Tickers of a day that was read, where some was fetched. */
  readonly market: ReadonlySet<string> | undefined;
}

export async function runPlan(plan: readonly PlannedDay[], parts: RunParts): Promise<RunEnd> {
  const { context, progress } = parts;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let failure: Failure | undefined;
  const fail: Run['fail'] = (error, what) => {
    if (signal.aborted) return;
    failure = { error, ...(what === undefined ? {} : { while: what }) };
    stop.abort();
  };
  const todo = plan.filter(({ action }) => action !== 'none');
  const run = newRun(parts, todo.length, signal, fail);
  const attempts = newAttempts(run);
  try {
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

function newRun(parts: RunParts, days: number, signal: AbortSignal, fail: Run['fail']): Run {
  const { request, context, wanted, progress } = parts;
  const { dataset, layout } = request;
  const tracked = wanted === '*' ? undefined : new Set(wanted);
  let worked = 0;
  let reported = 0;
  return {
    ...parts,
    signal,
    fail,
    committer: openCommitter({
      folder: archiveFolder(layout, dataset),
      dataset: dataset.name,
      progress,
      now: context.now,
      gatherMs: wayOf(dataset).gatherMs,
    }),
    flow: openSeriesFlow({
      dataset: dataset.name,
      target: parts.target,
      progress,
      clock: context.clock,
      onFlush: (result) => reportFlush(result, context.emit),
    }),
    waiting: [],
    isWanted: (ticker) => tracked === undefined || tracked.has(ticker),
    noteWorked: () => {
      worked++;
      context.emit({ type: 'worked', done: worked, days, downloaded: context.wire().bytes });
    },
    reportDay: (event) => {
      reported++;
      context.emit({ type: 'day', n: reported, days, ...event });
    },
    market: { tickers: undefined },
  };
}

async function readCopies(todo: readonly PlannedDay[], run: Run, attempts: Attempts): Promise<void> {
  for (const planned of todo) {
    if (planned.action !== 'archive') continue;
    if (run.signal.aborted) return;
    await readOrRefetch(planned, run, attempts, true);
    // Reading is synchronous and quick; signals and timers get their turn in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function readOrRefetch(
  planned: PlannedDay,
  run: Run,
  attempts: Attempts,
  mayWait: boolean,
): Promise<void> {
  try {
    await readCopy(planned, run, mayWait);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    await attempts.refetch(planned, `our copy is damaged (${error.message})`);
  }
}

async function fetchDays(todo: readonly PlannedDay[], run: Run, attempts: Attempts): Promise<void> {
  const fresh = todo.filter(({ action }) => action === 'fetch');
  const deniedBefore = todo.filter(({ action }) => action === 'probe');
  if (fresh.length + deniedBefore.length === 0) return;
  const { wishes, layout, dataset } = run.request;
  // Once, and not by each day: a data folder that is moved away under the run is not begun anew in its old place.
  if (wishes.archive) await makeFolder(archiveFolder(layout, dataset));
  // Days that wait for the disk are few: what they hold is memory.
  const underWay = pLimit(2 * run.request.concurrency);
  await fetchInOrder<PlannedDay>({
    fresh,
    deniedBefore,
    tryDay: attempts.tryDay,
    deny: (denied, from) =>
      attempts.deny(
        denied,
        from === undefined
          ? undefined
          : `the keys may not read it: the first day that they may is ${from.day}`,
      ),
    fanOut: async (rest) => {
      await Promise.all(rest.map((planned) => underWay(() => attempts.tryDay(planned))));
    },
  });
}

async function rebuildWaiting(todo: readonly PlannedDay[], run: Run, attempts: Attempts): Promise<void> {
  try {
    await rebuildDays(run.waiting, run);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    // One copy is damaged: each is read by itself, so that the damaged one is found and fetched again.
    const waiting = new Set(run.waiting.map(({ day }) => day));
    for (const planned of todo) {
      if (!waiting.has(planned.day)) continue;
      await readOrRefetch(
        { ...planned, toLookUp: '*', record: run.known.days.get(planned.day) },
        run,
        attempts,
        false,
      );
    }
  }
}

function reportFlush(result: FlushResult, emit: Emit): void {
  for (const message of result.notes) emit({ type: 'note', level: 'warning', message });
  for (const [ticker, { rows, first }] of result.kept) emit({ type: 'kept', ticker, rows, first });
}
