/**
 * A step is what the journal holds: one change to what is known. Applying the same steps again changes
 * nothing, so a journal that was already folded into progress.json does no harm.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SessionCalendar } from '#market/calendar/sessions.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { type DayRanges, NO_DAYS, withDays, withoutDay } from './day-ranges.js';
import {
  type DatasetProgress,
  type DayRecord,
  datasetProgress,
  type Progress,
  type SeriesRecord,
} from './model.js';

export type Step =
  | { readonly step: 'source'; readonly source: SourceIdentity }
  /** The day's record is now this one. */
  | { readonly step: 'day'; readonly dataset: string; readonly day: IsoDay; readonly record: DayRecord }
  /** These tickers (or every one) were looked up on these days, and their series files are durable. */
  | {
      readonly step: 'looked-up';
      readonly dataset: string;
      readonly tickers: readonly string[] | '*';
      readonly days: readonly IsoDay[];
    }
  | {
      readonly step: 'series';
      readonly dataset: string;
      readonly files: Readonly<Record<string, SeriesRecord>>;
    }
  /** Nothing is known of these tickers' series any more: the file was changed or removed by somebody else. */
  | { readonly step: 'forget'; readonly dataset: string; readonly tickers: readonly string[] };

export function applyStep(
  progress: Progress,
  step: Step,
  calendarOf: (dataset: string) => SessionCalendar,
): void {
  if (step.step === 'source') {
    progress.source = step.source;
    return;
  }
  const known = datasetProgress(progress, step.dataset);
  switch (step.step) {
    case 'day':
      if (!known.days.has(step.day) && !calendarOf(step.dataset).isSession(step.day))
        neverLookedUp(known, step.day);
      known.days.set(step.day, step.record);
      break;
    case 'looked-up':
      lookedUp(known, step.tickers, step.days, calendarOf(step.dataset));
      break;
    case 'series':
      for (const [ticker, record] of Object.entries(step.files)) known.series.set(ticker, record);
      break;
    case 'forget':
      for (const ticker of step.tickers) {
        known.lookups.delete(ticker);
        known.series.delete(ticker);
        if (known.everyTicker.length > 0) known.exceptions.add(ticker);
      }
  }
}

/** An extra day that nothing was known of lay in the ranges of the sessions round it. */
function neverLookedUp(known: DatasetProgress, day: IsoDay): void {
  known.everyTicker = withoutDay(known.everyTicker, day);
  const cut = new Map<DayRanges, DayRanges>();
  for (const [ticker, before] of known.lookups) {
    const after = cut.get(before) ?? withoutDay(before, day);
    cut.set(before, after);
    known.lookups.set(ticker, after);
  }
}

function lookedUp(
  known: DatasetProgress,
  tickers: readonly string[] | '*',
  days: readonly IsoDay[],
  calendar: SessionCalendar,
): void {
  const hasFile = (day: IsoDay): boolean => calendar.isSession(day) || known.days.has(day);
  if (tickers === '*') known.everyTicker = withDays(known.everyTicker, days, hasFile);
  // Tickers that share their ranges go on sharing them.
  const extended = new Map<DayRanges, DayRanges>();
  for (const ticker of tickers === '*' ? known.exceptions : tickers) {
    const before = known.lookups.get(ticker) ?? NO_DAYS;
    let after = extended.get(before);
    if (after === undefined) {
      after = withDays(before, days, hasFile);
      extended.set(before, after);
    }
    known.lookups.set(ticker, after);
  }
}
