/**
 * Carries a plan out: adopts copies that progress.json does not know, reads out of the archive what is there, fetches the rest, and hands
 * every day through commit and series to its end. A day is told to be done only when it is durable and recorded.
 */
import pLimit from 'p-limit';
import { ArchiveDamage } from '../archive/bgzf.js';
import type { ArchiveStore } from '../archive/store.js';
import { type IsoDay, monthOf } from '../calendar/iso-day.js';
import { archiveFile, archiveFolder } from '../disk/layout.js';
import { rowCount, type TakenRows } from '../flatfile/taken-rows.js';
import { type DatasetProgress, type DayRecord, isLookedUp } from '../progress/model.js';
import type { Step } from '../progress/steps.js';
import type { ProgressStore } from '../progress/store.js';
import { SourceError } from '../source/errors.js';
import type { ListedObject } from '../source/port.js';
import { openCommitter } from './commit.js';
import type { DayEvent } from './events.js';
import { type FetchedDay, fetchDay } from './fetch-day.js';
import { fetchInOrder, type Tried } from './fetch-order.js';
import { type Listings, listMonth } from './list-months.js';
import { tickersOfRows } from './never-seen.js';
import type { Failure } from './outcome.js';
import { objectRecord, type PlannedDay } from './plan.js';
import { openPool } from './pool.js';
import type { PopulateContext, PopulateRequest } from './populate.js';
import { openSeriesFlow } from './series-flow.js';
import type { DayCounts, FlushResult, SeriesTarget } from './series-writer.js';
import type { Vendor } from './vendor.js';
import { type Wanted, wantedBytes } from './wanted.js';
import { type WeaveDay, weaveDays } from './weave-days.js';

export interface RunParts {
  readonly request: PopulateRequest;
  readonly context: PopulateContext;
  readonly wanted: Wanted;
  readonly archive: ArchiveStore;
  readonly progress: ProgressStore;
  readonly known: DatasetProgress;
  readonly target: SeriesTarget;
  readonly vendor: Vendor;
  readonly listings: Listings;
}

export interface RunEnd {
  readonly failure: Failure | undefined;
  /** Tickers of a day that was read, where some was fetched. */
  readonly market: ReadonlySet<string> | undefined;
}

/** So many days in a row that fail at the wire mean that the network has given out, and not that days are bad. */
const NETWORK_FAILURES = 3;

export async function runPlan(plan: readonly PlannedDay[], parts: RunParts): Promise<RunEnd> {
  const { request, context, wanted, archive, progress, known, target, vendor } = parts;
  const { dataset, layout, wishes } = request;
  const { emit, clock } = context;
  // Ends everything that is under way, whether the user or a failure says so.
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let failure: Failure | undefined;
  const fail = (error: unknown, what?: string): void => {
    if (signal.aborted) return;
    failure = { error, ...(what === undefined ? {} : { while: what }) };
    stop.abort();
  };

  const todo = plan.filter(({ action }) => action !== 'none');
  const days = todo.length;
  let worked = 0;
  let told = 0;
  let market: ReadonlySet<string> | undefined;
  const pool = openPool(request.workers, wanted);
  const committer = openCommitter({
    folder: archiveFolder(layout, dataset),
    dataset: dataset.name,
    progress,
    now: context.now,
  });
  const flow = openSeriesFlow({
    dataset: dataset.name,
    target,
    progress,
    clock,
    onFlush: (result) => tellFlush(result, emit),
  });
  const noteWorked = (): void => {
    worked++;
    emit({ type: 'worked', done: worked, days, downloaded: context.wire().bytes });
  };
  const tellDay = (event: Omit<DayEvent, 'type' | 'n' | 'days'>): void => {
    told++;
    emit({ type: 'day', n: told, days, ...event });
  };

  const waiting: WeaveDay[] = [];
  const readCopy = async (planned: PlannedDay, mayWeave: boolean): Promise<void> => {
    const { day, lacking, record } = planned;
    const begun = clock();
    // A correction that an earlier run did not finish concerns its tickers too.
    const { now: before, later } = splitCorrections(record?.correct);
    if (mayWeave && lacking === '*' && before.size === 0) {
      const about = {
        day,
        source: 'archive',
        rows: undefined,
        bytes: 0,
        downloadSeconds: 0,
        workSeconds: 0,
      } as const;
      waiting.push({
        day,
        record: { ...(planned.adopt ?? record ?? {}) },
        tell: (counts, tickers) => tellDay({ ...about, tickers, ...counts }),
      });
      return;
    }
    const tickers: Wanted = lacking === '*' ? '*' : [...lacking, ...before.keys()];
    let taken: TakenRows;
    try {
      taken = archive.takeBars(day, wantedBytes(tickers));
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
      await refetch(planned, `our copy is damaged (${error.message})`);
      return;
    }
    noteWorked();
    const { correct: _, ...settled } = planned.adopt ?? record ?? {};
    const seconds = (clock() - begun) / 1000;
    const about = {
      day,
      source: 'archive',
      tickers: tickers === '*' ? rowCount(taken) : tickers.length,
      rows: undefined,
    } as const;
    await flow.offer({
      day,
      taken,
      before,
      ours: () => false,
      maybeGone: [...before.keys()],
      wanted: lacking,
      record: { ...settled, ...later },
      tell: (counts) => tellDay({ ...about, ...counts, bytes: 0, downloadSeconds: 0, workSeconds: seconds }),
    });
  };

  const weaveWaiting = async (): Promise<void> => {
    try {
      await weaveDays(waiting, parts, pool, signal);
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
      // One copy is damaged: each is read by itself, so that the damaged one is found and fetched again.
      const byDay = new Map(todo.map((planned) => [planned.day, planned]));
      for (const { day } of waiting) {
        const planned = byDay.get(day);
        if (planned !== undefined)
          await readCopy({ ...planned, lacking: '*', record: known.days.get(day) }, false);
      }
    }
  };

  const refetch = async (planned: PlannedDay, why: string): Promise<void> => {
    emit({ type: 'note', level: 'warning', message: `${planned.day}: ${why}; it is fetched again` });
    const month = monthOf(planned.day);
    const listing = parts.listings.get(month) ?? (await listMonth(month, dataset, vendor, signal));
    const object = listing.get(planned.day);
    if (object === undefined) {
      await giveUp(planned, 'failed', `${why}, and the vendor does not list the day`);
    } else {
      await tryDay({ ...planned, action: 'fetch', object });
    }
  };

  // A day leaves its slot when it is worked through; that it waits for the disk then holds up no download, up to a bound.
  const slots = pLimit(request.concurrency);
  const unsettled = pLimit(4 * request.concurrency);
  const tryDay = async (planned: PlannedDay): Promise<Tried> => {
    const { day, object } = planned;
    if (object === undefined) return 'failed';
    try {
      signal.throwIfAborted();
      const woven = isWoven(planned);
      const fetched = await slots(() => {
        signal.throwIfAborted();
        return fetch(planned, object, woven);
      });
      noteWorked();
      await settle(planned, fetched, woven);
      networkFailures = 0;
      return 'done';
    } catch (error) {
      if (signal.aborted) return 'failed';
      if (
        !(error instanceof SourceError) ||
        error.kind === 'unauthenticated' ||
        error.kind === 'configuration'
      ) {
        fail(error, `fetching ${day}`);
        return 'failed';
      }
      noteWorked();
      if (error.kind === 'denied') {
        await giveUp(planned, 'denied', refusal(planned));
        return 'denied';
      }
      await giveUp(planned, 'failed', error.message);
      if (error.kind === 'network' || error.kind === 'throttled' || error.kind === 'server') {
        networkFailures++;
        if (networkFailures >= NETWORK_FAILURES) fail(error, `fetching ${day}`);
      } else {
        networkFailures = 0;
      }
      return 'failed';
    }
  };
  let networkFailures = 0;

  /** Whether a day's bars go to every ticker, and nothing of an earlier file of that day has to be considered. */
  const isWoven = ({ day }: PlannedDay): boolean =>
    wanted === '*' &&
    wishes.series &&
    wishes.archive &&
    known.days.get(day)?.size === undefined &&
    known.days.get(day)?.correct === undefined &&
    archive.stampOf(day) === undefined;

  const fetch = async (planned: PlannedDay, object: ListedObject, woven: boolean): Promise<FetchedDay> => {
    const { day } = planned;
    // A copy that is there is kept up to date also when no new ones are wanted.
    const file = wishes.archive || planned.copy !== undefined ? archiveFile(layout, dataset, day) : undefined;
    return fetchDay(
      day,
      object,
      {
        archive: file === undefined ? undefined : { file, memberTextBytes: dataset.memberTextBytes },
        replaces: archive.stampOf(day) !== undefined,
        series: wishes.series && !woven,
        market: market === undefined && wanted !== '*' && wanted.length > 0,
      },
      {
        dataset,
        source: await vendor.source(),
        pool,
        signal,
        clock,
        retry: {
          ...context.retry,
          signal,
          onRetry: (error, attempt, waitMs) => {
            context.retry.onRetry?.(error, attempt, waitMs);
            emit({ type: 'retry', what: day, attempt, waitMs, reason: error.message });
          },
        },
      },
    );
  };

  const settle = async (planned: PlannedDay, fetched: FetchedDay, woven: boolean): Promise<void> => {
    const { day } = planned;
    const { result } = fetched;
    if (result.market !== undefined) market ??= tickersOfRows(result.market);
    const { quality } = result;
    if (quality.notBars.count + quality.doubles.count + quality.offDay.length > 0)
      emit({ type: 'quality', day, ...quality });
    const { difference, bars } = result.replaced ?? {};
    if (difference !== undefined && bars !== undefined && bars.size > 0)
      emit({ type: 'replaced', day, ...difference });
    const old = known.days.get(day);
    // What the series may still hold of the file that is replaced now, or of one before that.
    const corrections: Record<string, string | null> = Object.create(null) as Record<string, string | null>;
    for (const [ticker, { before }] of bars ?? []) {
      if (isWanted(ticker) || known.series.has(ticker)) corrections[ticker] = before;
    }
    Object.assign(corrections, old?.correct);
    const correct = Object.keys(corrections).length === 0 ? {} : { correct: corrections };
    const { now: before, later } = splitCorrections(corrections);
    const record: DayRecord = {
      ...objectRecord(fetched.object),
      rows: result.rows,
      text_sha256: result.textSha256,
      ...(result.sortedSha256 === undefined ? {} : { sorted_sha256: result.sortedSha256 }),
      ...(result.archive === undefined ? {} : { archive: result.archive.stamp }),
    };
    if (result.archive !== undefined) {
      await committer.commit({
        day,
        temporary: result.archive.temporary,
        file: archiveFile(layout, dataset, day),
        record: { ...record, ...correct },
        ahead: correct.correct === undefined || old === undefined ? undefined : { ...old, ...correct },
        damaged: result.damagedCopy !== undefined,
      });
      archive.noteToc(day, result.archive.toc);
    }
    const seconds = {
      bytes: fetched.bytes,
      downloadSeconds: fetched.downloadSeconds,
      workSeconds: fetched.workSeconds,
    };
    const about = { day, source: 's3', rows: result.rows } as const;
    if (!wishes.series) {
      tellDay({ ...about, tickers: undefined, added: 0, unchanged: 0, corrected: 0, kept: 0, ...seconds });
      return;
    }
    if (woven) {
      waiting.push({
        day,
        record,
        tell: (counts, tickers) => tellDay({ ...about, tickers, ...counts, ...seconds }),
      });
      return;
    }
    const compared = result.replaced !== undefined;
    await flow.offer({
      day,
      taken: result.taken,
      before,
      ours: (ticker) => !compared && isLookedUp(known, ticker, day),
      maybeGone: compared ? [...before.keys()] : lookedUpBefore(day),
      wanted,
      record: { ...record, ...later },
      tell: (counts: DayCounts) =>
        tellDay({
          ...about,
          tickers: wanted === '*' ? rowCount(result.taken) : wanted.length,
          ...counts,
          ...seconds,
        }),
    });
  };
  const tracked = wanted === '*' ? undefined : new Set(wanted);
  const isWanted = (ticker: string): boolean => tracked === undefined || tracked.has(ticker);
  /** Corrections of wanted tickers are made now; those of others stay recorded until they are wanted. */
  const splitCorrections = (
    all: DayRecord['correct'],
  ): { readonly now: ReadonlyMap<string, string | null>; readonly later: Pick<DayRecord, 'correct'> } => {
    const entries = Object.entries(all ?? {});
    const later = entries.filter(([ticker]) => !isWanted(ticker));
    return {
      now: new Map(entries.filter(([ticker]) => isWanted(ticker))),
      later: later.length === 0 ? {} : { correct: Object.fromEntries(later) },
    };
  };
  /** Without a copy to compare with, a ticker that was looked up may have a row that the new file has not. */
  const lookedUpBefore = (day: IsoDay): readonly string[] => {
    if (known.days.get(day)?.size === undefined) return [];
    return (wanted === '*' ? [...known.series.keys()] : wanted).filter((ticker) =>
      isLookedUp(known, ticker, day),
    );
  };

  const giveUp = (planned: PlannedDay, state: 'denied' | 'failed', reason: string): Promise<void> =>
    progress.record([problemStep(planned, state, reason)]);
  const problemStep = ({ day, record }: PlannedDay, state: 'denied' | 'failed', reason: string): Step => {
    emit({ type: 'problem', day, state, reason });
    const before = known.days.get(day) ?? record;
    return { step: 'day', dataset: dataset.name, day, record: { ...before, problem: { state, reason } } };
  };

  try {
    const adopted = plan.flatMap(({ day, adopt }) =>
      adopt === undefined ? [] : [{ step: 'day', dataset: dataset.name, day, record: adopt } as const],
    );
    if (adopted.length > 0) await progress.record(adopted);
    for (const planned of todo.filter(({ action }) => action === 'archive')) {
      if (signal.aborted) break;
      await readCopy(planned, true);
      // Reading is synchronous and quick; signals and timers get their turn in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!signal.aborted) {
      if (todo.some(({ action }) => action === 'fetch')) pool.warm();
      await fetchInOrder<PlannedDay>({
        fresh: todo.filter(({ action }) => action === 'fetch'),
        deniedBefore: todo.filter(({ action }) => action === 'probe'),
        tryDay,
        deny: async (denied, from) => {
          const edge =
            from === undefined
              ? undefined
              : `the keys may not read it: the first day that they may is ${from.day}`;
          await progress.record(
            denied.map((planned) => problemStep(planned, 'denied', edge ?? refusal(planned))),
          );
        },
        fanOut: async (rest) => {
          await Promise.all(
            rest.map((planned) => unsettled(() => (signal.aborted ? undefined : tryDay(planned)))),
          );
        },
      });
    }
  } catch (error) {
    fail(error);
  }
  try {
    await flow.finish();
    if (!signal.aborted) await weaveWaiting();
    await flow.finish();
  } catch (error) {
    if (error !== signal.reason) failure ??= { error };
  }
  await pool.close();
  return { failure, market };
}

/** What an earlier run found of the edge still stands; one that only probes learns nothing new of it. */
function refusal({ record }: PlannedDay): string {
  const before = record?.problem;
  return before?.state === 'denied'
    ? before.reason
    : 'the keys may not read it (403 for it or the days around it)';
}

function tellFlush(result: FlushResult, emit: PopulateContext['emit']): void {
  for (const message of result.notes) emit({ type: 'note', level: 'warning', message });
  for (const [ticker, { rows, first }] of result.kept) emit({ type: 'kept', ticker, rows, first });
}
