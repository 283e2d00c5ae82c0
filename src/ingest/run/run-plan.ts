/**
 * Carries a plan out: adopts copies that progress.json does not know, reads out of the archive what is there, fetches the rest, and hands
 * every day through commit and series to its end. A day is told to be done only when it is durable and recorded.
 */
import pLimit from 'p-limit';
import { fetchInOrder } from '#ingest/plan/fetch-order.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import { openSeriesFlow } from '#ingest/series/series-flow.js';
import type { FlushResult } from '#ingest/series/series-writer.js';
import { makeFolder } from '#platform/disk/durable.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { archiveFolder } from '#store/folder/layout.js';
import { newTrier, type Trier } from './attempt-day.js';
import { GATHER_MS, openCommitter } from './commit.js';
import type { Emit } from './events.js';
import type { Failure } from './failure.js';
import { readCopy } from './read-copy.js';
import { weaveDays } from './rebuild-days.js';
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
  const trier = newTrier(run);
  try {
    const dataset = parts.request.dataset.name;
    const adopted = plan.flatMap(({ day, adopt: record }) =>
      record === undefined ? [] : [{ step: 'day', dataset, day, record } as const],
    );
    if (adopted.length > 0) await progress.record(adopted);
    await readCopies(todo, run, trier);
    if (!signal.aborted) await fetchDays(todo, run, trier);
  } catch (error) {
    fail(error);
  }
  try {
    await run.flow.finish();
    if (!signal.aborted) await weaveWaiting(todo, run, trier);
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
  let told = 0;
  return {
    ...parts,
    signal,
    fail,
    committer: openCommitter({
      folder: archiveFolder(layout, dataset),
      dataset: dataset.name,
      progress,
      now: context.now,
      gatherMs: dataset.inPieces ? 0 : GATHER_MS,
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
      told++;
      context.emit({ type: 'day', n: told, days, ...event });
    },
    market: { tickers: undefined },
  };
}

async function readCopies(todo: readonly PlannedDay[], run: Run, trier: Trier): Promise<void> {
  for (const planned of todo) {
    if (planned.action !== 'archive') continue;
    if (run.signal.aborted) return;
    await readOrRefetch(planned, run, trier, true);
    // Reading is synchronous and quick; signals and timers get their turn in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function readOrRefetch(planned: PlannedDay, run: Run, trier: Trier, mayWeave: boolean): Promise<void> {
  try {
    await readCopy(planned, run, mayWeave);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    await trier.refetch(planned, `our copy is damaged (${error.message})`);
  }
}

async function fetchDays(todo: readonly PlannedDay[], run: Run, trier: Trier): Promise<void> {
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
    tryDay: trier.tryDay,
    deny: (denied, from) =>
      trier.deny(
        denied,
        from === undefined
          ? undefined
          : `the keys may not read it: the first day that they may is ${from.day}`,
      ),
    fanOut: async (rest) => {
      await Promise.all(rest.map((planned) => underWay(() => trier.tryDay(planned))));
    },
  });
}

async function weaveWaiting(todo: readonly PlannedDay[], run: Run, trier: Trier): Promise<void> {
  try {
    await weaveDays(run.waiting, run);
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    // One copy is damaged: each is read by itself, so that the damaged one is found and fetched again.
    const waiting = new Set(run.waiting.map(({ day }) => day));
    for (const planned of todo) {
      if (!waiting.has(planned.day)) continue;
      await readOrRefetch(
        { ...planned, lacking: '*', record: run.known.days.get(planned.day) },
        run,
        trier,
        false,
      );
    }
  }
}

function reportFlush(result: FlushResult, emit: Emit): void {
  for (const message of result.notes) emit({ type: 'note', level: 'warning', message });
  for (const [ticker, { rows, first }] of result.kept) emit({ type: 'kept', ticker, rows, first });
}
