/**
 * The checks of one dataset over the network: a listing, one real day in memory, the edge of what the keys
 * may read.
 */

import { dayObject } from '#ingest/day/day-object.js';
import { runDayTask } from '#ingest/day/run-day-task.js';
import { openPool } from '#ingest/threads/pool.js';
import { lastOverdueSession } from '#market/calendar/due.js';
import { addDays, type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { dayFileName, dayOfKey, monthPrefix } from '#market/datasets/key.js';
import { type RetryPolicy, retry } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import type { ListedObject, Source } from '#platform/s3/port.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { newestListed, probe } from '#tasks/catalog/access.js';
import { amount } from './amounts.js';
import { S3_PAIR } from './failure.js';
import type { Finding } from './finding.js';
import { firstAllowed } from './first-allowed.js';

export interface DatasetRequest {
  readonly dataset: Dataset;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
}

/** What was learnt of a dataset; each part once its check has gone well. */
export interface DatasetDiagnosis {
  readonly dataset: string;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  newest_day?: IsoDay;
  first_allowed_day?: IsoDay;
  sample?: {
    readonly day: IsoDay;
    readonly rows: number;
    readonly bytes: number;
    readonly download_seconds: number;
    readonly work_seconds: number;
  };
  to_fetch?: { readonly days: number; readonly bytes: number; readonly seconds?: number };
}

export interface Connection {
  readonly source: Source;
  readonly retry: RetryPolicy;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly now: Date;
}

/** Throws SourceError. */
export async function checkListing(
  { dataset }: DatasetRequest,
  { source, now }: Connection,
  signal: AbortSignal,
): Promise<{ readonly finding: Finding; readonly newest: ListedObject | undefined }> {
  const { calendar, publication, name, prefix } = dataset;
  const listed = await newestListed(dataset, source, { now, signal });
  const newest = listed?.days.at(-1);
  if (listed !== undefined && newest !== undefined) {
    const day = dayOfKey(newest.key) ?? '';
    const message = `${name}: ${amount(listed.days.length, 'day')} of ${listed.month}, the newest ${day}`;
    const overdue = lastOverdueSession(calendar, publication, now);
    if (day >= overdue) return { newest, finding: { state: 'ok', message } };
    const finding: Finding = {
      state: 'warning',
      message: `${message}; ${overdue} is overdue`,
      advice: 'The vendor is late: populate reports such days as missing, and asks for them again.',
    };
    return { newest, finding };
  }
  const { bucket } = source.identity;
  const finding: Finding = {
    state: 'failure',
    message: `${name}: nothing is listed below ${prefix}/ of bucket ${bucket}`,
    advice: 'Are --endpoint and --bucket those of the flat files?',
    outcome: { incomplete: true },
  };
  return { newest: undefined, finding };
}

/** Fewer than a run makes: whoever asks for a diagnosis is waiting for it. */
const ATTEMPTS = 3;

/** A large day is asked for, and not read: it may be gigabytes. Throws SourceError. */
async function checkLargeDay(
  dataset: Dataset,
  { key, size }: ListedObject,
  { source, retry: policy }: Pick<Connection, 'source' | 'retry'>,
  signal: AbortSignal,
): Promise<{ readonly finding: Finding }> {
  const day = dayOfKey(key) ?? '';
  const came = await retry(() => probe(source, key, signal), {
    ...policy,
    attempts: ATTEMPTS,
    signal,
  });
  const megabytes = (size / 1e6).toFixed(1);
  return came === 'denied'
    ? refused(dataset, day)
    : { finding: { state: 'ok', message: `${dataset.name}: ${day} may be read (${megabytes} MB)` } };
}

function refused({ name }: Dataset, day: IsoDay): { readonly finding: Finding } {
  return {
    finding: {
      state: 'failure',
      message: `${name}: ${day} is listed, and refused (403)`,
      advice: `Either the plan of these keys does not hold ${name}, or an agreement on the vendor's dashboard is not signed yet, or they are the wrong keys. ${S3_PAIR}`,
      outcome: { notEntitled: true },
    },
  };
}

export interface DayCheck {
  readonly dataset: Dataset;
  readonly object: ListedObject;
  /** Where nothing of the day is written. */
  readonly layout: FolderLayout;
}

/**
 * Fetches the day, verifies it and splits it by ticker in a worker thread, all in memory. Throws SourceError.
 */
export async function checkDay(
  { dataset, object, layout }: DayCheck,
  { source, retry: policy, clock }: Connection,
  signal: AbortSignal,
): Promise<{ readonly finding: Finding; readonly sample?: DatasetDiagnosis['sample'] }> {
  const day = dayOfKey(object.key) ?? '';
  if (dataset.inPieces) return checkLargeDay(dataset, object, { source, retry: policy }, signal);
  const pool = openPool(1, '*');
  try {
    const fetched = await runDayTask(
      {
        dataset: dataset.name,
        day,
        object: dayObject(object),
        prepares: 'nothing',
        replaces: false,
        series: true,
        market: false,
      },
      { source, layout, threads: pool, signal, clock, retry: { ...policy, attempts: ATTEMPTS } },
    );
    const sample = {
      day,
      rows: fetched.result.rows,
      bytes: fetched.bytes,
      download_seconds: milliseconds(fetched.downloadSeconds),
      work_seconds: milliseconds(fetched.workSeconds),
    };
    return { sample, finding: { state: 'ok', message: `${dataset.name}: ${sampleText(sample)}` } };
  } catch (error) {
    if (!(error instanceof SourceError) || error.kind !== 'denied') throw error;
    return refused(dataset, day);
  } finally {
    await pool.close();
  }
}

/** Seconds with three decimals. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function sampleText(sample: NonNullable<DatasetDiagnosis['sample']>): string {
  const { day, rows, bytes, download_seconds, work_seconds } = sample;
  const rate = bytes / 1e6 / Math.max(download_seconds, 0.001);
  return (
    `${day} came whole: ${Math.ceil(bytes / 1000).toLocaleString('en-US')} kB in ${download_seconds.toFixed(2)} s ` +
    `(${rate.toFixed(1)} MB/s); ${amount(rows, 'row')} verified and split in ${work_seconds.toFixed(2)} s`
  );
}

/**
 * Asks for about 14 days, the body of none of which is read. `newest`: one that may be read. Throws
 * SourceError.
 */
export async function checkPlan(
  { dataset, range }: DatasetRequest,
  newest: IsoDay,
  { source, retry: policy }: Connection,
  signal: AbortSignal,
): Promise<{ readonly finding: Finding; readonly firstAllowed: IsoDay }> {
  const { calendar, firstDay, name } = dataset;
  const days = calendar.sessions(firstDay, newest);
  const edge = await firstAllowed(days, (day) =>
    retry(() => probe(source, dayKey(dataset, day), signal), { ...policy, attempts: ATTEMPTS, signal }),
  );
  const tried = `${amount(edge.probes, 'day')} tried`;
  const outside = calendar.sessions(range.start, addDays(edge.day, -1)).length;
  const whole = edge.day === days[0] ? ', the first that there is' : '';
  const message = `${name}: these keys may read from ${edge.day} on${whole} (${tried})`;
  if (!edge.denied || outside === 0) return { firstAllowed: edge.day, finding: { state: 'ok', message } };
  const all = edge.day > range.end;
  const finding: Finding = {
    state: all ? 'failure' : 'warning',
    message: `${message}; the range asked for has ${amount(outside, 'session')} before that`,
    advice: `Ask for --start ${edge.day}, or for a larger plan: populate ends with ${all ? 4 : 3} where days are denied.`,
    ...(all ? { outcome: { notEntitled: true } } : {}),
  };
  return { firstAllowed: edge.day, finding };
}

function dayKey(dataset: Dataset, day: IsoDay): string {
  return monthPrefix(dataset, monthOf(day)) + dayFileName(day);
}
