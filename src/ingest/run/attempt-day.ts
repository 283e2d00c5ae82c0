/** One day tried: fetched, worked through and settled, or given up with its state and reason. What must end the whole run does so. */
import pLimit from 'p-limit';
import { type FetchContext, type FetchedDay, fetchDay } from '#ingest/day/fetch-day.js';
import { fetchLargeDay } from '#ingest/day/fetch-large-day.js';
import type { Tried } from '#ingest/plan/fetch-order.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import { SourceError } from '#platform/http/source-error.js';
import { archiveFile } from '#store/folder/layout.js';
import type { Step } from '#store/ledger/steps.js';
import type { ListedObject, Source } from '#vendors/flatfiles/port.js';
import { settleDay } from './finish-day.js';
import { listMonth } from './list-months.js';
import type { Run } from './run.js';
import { unkeptFile } from './unkept-day.js';

/** So many days in a row that fail at the wire mean that the network has given out, and not that days are bad. */
const NETWORK_FAILURES = 3;

/** Large days on their way at once: one is worked through while the next arrives, and each takes its memory. */
const LARGE_AT_ONCE = 2;

export interface Trier {
  tryDay(planned: PlannedDay): Promise<Tried>;
  /** Our copy of the day is of no use (`why`): the vendor's is fetched instead. */
  refetch(planned: PlannedDay, why: string): Promise<void>;
  /** Records days that the keys may not read without asking for each. `edge`: what is known of where they may. */
  deny(days: readonly PlannedDay[], edge: string | undefined): Promise<void>;
}

export function newTrier(run: Run): Trier {
  const { request, context, wanted, archive, progress, known, vendor, signal, fail } = run;
  const { dataset, layout, wishes } = request;
  const { emit } = context;
  // A day leaves its slot when it is worked through; that it waits for the disk then holds up no download.
  const slots = pLimit(dataset.inPieces ? Math.min(LARGE_AT_ONCE, request.concurrency) : request.concurrency);
  let networkFailures = 0;

  /** Whether a day's bars go to every ticker, and nothing of an earlier file of that day has to be considered. */
  const isWoven = ({ day }: PlannedDay): boolean =>
    wanted === '*' &&
    wishes.series &&
    wishes.archive &&
    known.days.get(day)?.size === undefined &&
    known.days.get(day)?.correct === undefined &&
    !archive.isThere(day);

  const fetch = async (
    { day, copy }: PlannedDay,
    object: ListedObject,
    woven: boolean,
  ): Promise<FetchedDay> => {
    signal.throwIfAborted();
    // A copy that is there is kept up to date also when no new ones are wanted.
    const file = wishes.archive || copy !== undefined ? archiveFile(layout, dataset, day) : undefined;
    const source = await vendor.source();
    const context = fetchContext(day, source);
    if (dataset.inPieces) return fetchLargeDay(day, object, file ?? (await unkeptFile(run, day)), context);
    return fetchDay(
      day,
      object,
      {
        archive: file === undefined ? undefined : { file, memberTextBytes: dataset.memberTextBytes },
        replaces: archive.isThere(day),
        series: wishes.series && !woven,
        market: run.market.tickers === undefined && wanted !== '*' && wanted.length > 0,
      },
      context,
    );
  };

  const fetchContext = (day: IsoDay, source: Source): FetchContext => ({
    dataset,
    source,
    threads: run.pool,
    signal,
    clock: context.clock,
    onResume: (from, reason) => {
      emit({ type: 'note', level: 'info', message: `${day}: goes on from byte ${from} (${reason})` });
    },
    retry: {
      ...context.retry,
      signal,
      onRetry: (error, attempt, waitMs) => {
        context.retry.onRetry?.(error, attempt, waitMs);
        emit({ type: 'retry', what: day, attempt, waitMs, reason: error.message });
      },
    },
  });

  const tryDay = async (planned: PlannedDay): Promise<Tried> => {
    const { object } = planned;
    if (object === undefined || signal.aborted) return 'failed';
    try {
      const woven = isWoven(planned);
      const fetched = await slots(() => fetch(planned, object, woven));
      run.noteWorked();
      await settleDay(planned, fetched, woven, run);
      networkFailures = 0;
      return 'done';
    } catch (error) {
      return signal.aborted ? 'failed' : giveUpFor(error, planned);
    }
  };

  const giveUpFor = async (error: unknown, planned: PlannedDay): Promise<Tried> => {
    const what = `fetching ${planned.day}`;
    if (
      !(error instanceof SourceError) ||
      error.kind === 'unauthenticated' ||
      error.kind === 'skewed' ||
      error.kind === 'configuration' ||
      error.final
    ) {
      fail(error, what);
      return 'failed';
    }
    run.noteWorked();
    if (error.kind === 'denied') {
      await progress.record([problemStep(planned, 'denied', refusal(planned))]);
      return 'denied';
    }
    await progress.record([problemStep(planned, 'failed', error.message)]);
    const atTheWire = error.kind === 'network' || error.kind === 'throttled' || error.kind === 'server';
    networkFailures = atTheWire ? networkFailures + 1 : 0;
    if (networkFailures >= NETWORK_FAILURES) fail(error, what);
    return 'failed';
  };

  const problemStep = ({ day, record }: PlannedDay, state: 'denied' | 'failed', reason: string): Step => {
    emit({ type: 'problem', day, state, reason });
    const before = known.days.get(day) ?? record;
    return { step: 'day', dataset: dataset.name, day, record: { ...before, problem: { state, reason } } };
  };

  return {
    tryDay,
    refetch: async (planned, why) => {
      emit({ type: 'note', level: 'warning', message: `${planned.day}: ${why}; it is fetched again` });
      const month = monthOf(planned.day);
      const listing = run.listings.get(month) ?? (await listMonth(month, dataset, vendor, signal));
      const object = listing.get(planned.day);
      if (object !== undefined) await tryDay({ ...planned, action: 'fetch', object });
      else
        await progress.record([
          problemStep(planned, 'failed', `${why}, and the vendor does not list the day`),
        ]);
    },
    deny: (days, edge) =>
      progress.record(days.map((planned) => problemStep(planned, 'denied', edge ?? refusal(planned)))),
  };
}

/** What an earlier run found of the edge still stands; one that only probes learns nothing new of it. */
function refusal({ record }: PlannedDay): string {
  const before = record?.problem;
  return before?.state === 'denied'
    ? before.reason
    : 'the keys may not read it (403 for it or the days around it)';
}
