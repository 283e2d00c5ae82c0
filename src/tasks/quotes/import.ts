/**
 * The verb: quotes of symbols and days into Parquet, a file a day. What is whole stays whatever ends the run, and
 * the next one goes on behind it.
 */

import type { QuoteEvent } from '#ingest/quotes/events.js';
import { type DaysImported, importDays } from '#ingest/quotes/import-days.js';
import type { QuoteSource } from '#ingest/quotes/source.js';
import { sameSource } from '#market/datasets/same-source.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { OtherSourceError, readSourceMarker, writeSourceMarker } from '#store/archive/source-marker.js';
import { tableFolder } from '#store/quotes/layout.js';
import { exitCodeOf, stoppedCode } from '#tasks/exit-code.js';
import { outcomeOfError } from '#tasks/outcome.js';
import { newImportRecorder } from './import-recorder.js';
import type { OpenQuotes, QuoteTools } from './open-quotes.js';
import { type ImportPlan, type ImportRequest, planImport } from './plan-import.js';

export interface ImportTools extends QuoteTools {
  readonly source: QuoteSource;
  /** Who fills the table: data of two do not mix. */
  readonly identity: SourceIdentity;
  readonly adoptSource: boolean;
  /** Days at once. */
  readonly workers: number;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly pid: number;
  readonly signal: AbortSignal;
}

export interface ImportResult extends DaysImported {
  readonly plan: ImportPlan;
  readonly seconds: number;
  readonly exitCode: number;
}

/** Throws OtherSourceError, LockedError or the disk's error before it begins; then its result tells. */
export async function importQuotes(
  request: ImportRequest,
  open: OpenQuotes,
  tools: ImportTools,
  hear: (event: QuoteEvent) => void,
): Promise<ImportResult> {
  const { quotes, source, workers, clock, signal } = tools;
  const begun = clock();
  const claim = await tableClaim(request, open, tools);
  const plan = planImport(request, tools);
  const { asked, kept, pending, todo } = plan;
  hear({
    type: 'planned',
    asked,
    there: kept,
    pending: pending.length * request.symbols.length,
    todo: todo.length,
  });
  const recorder = newImportRecorder(request, plan, tools);
  const imported = await importDays({
    tasks: todo,
    source,
    table: request.table,
    quotes,
    work: open.work,
    duck: open.duck,
    checkLock: async () => {
      await open.checkLock();
      await claim();
    },
    signal,
    workers,
    clock,
    hear: (event) => {
      recorder.hear(event);
      hear(event);
    },
  });
  const exitCode = codeOf(imported, plan, signal);
  recorder.end(exitCode);
  return { ...imported, plan, seconds: (clock() - begun) / 1000, exitCode };
}

/**
 * The sandbox's quotes get between nobody's real ones: what is returned marks the table as this source's, before
 * its first day has a name. Throws OtherSourceError where it is another's.
 */
async function tableClaim(
  { table }: ImportRequest,
  { checkLock }: OpenQuotes,
  { quotes, identity, adoptSource, now }: ImportTools,
): Promise<() => Promise<void>> {
  const folder = tableFolder(quotes, table);
  const marker = await readSourceMarker(folder);
  const isOther = typeof marker === 'object' && !sameSource(marker, identity);
  if (isOther && !adoptSource)
    throw new OtherSourceError(
      `the table of quotes in ${folder} was filled from ${marker.endpoint}, not from ${identity.endpoint}: ` +
        'give another --data-dir, or say --adopt-source if the two hold the same data',
    );
  if (typeof marker === 'object' && !isOther) return async () => undefined;
  let marked: Promise<void> | undefined;
  return () => {
    marked ??= writeSourceMarker(folder, identity, { before: marker, checkLock, now });
    return marked;
  };
}

/** 0 only where every day that is over is there. */
export function codeOf(
  { problems, ended, days }: Pick<DaysImported, 'problems' | 'ended' | 'days'>,
  { there }: Pick<ImportPlan, 'there'>,
  signal: AbortSignal,
): number {
  if (signal.aborted) return stoppedCode(signal);
  const outcomes = problems.map(({ error }) => outcomeOfError(error));
  const allDenied =
    days + there.length === 0 && problems.length > 0 && problems.every(({ state }) => state === 'denied');
  return exitCodeOf({
    network: outcomes.some(({ network }) => network === true),
    incomplete: problems.length > 0,
    ...(ended === undefined ? {} : outcomeOfError(ended)),
    ...(allDenied ? { notEntitled: true } : {}),
  });
}
