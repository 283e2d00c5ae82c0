/**
 * Keeps count of a run while it goes, and says at the end what it came to. Hears the same events as every
 * renderer.
 */

import type { PopulateEvent } from '#ingest/run/events.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DatasetSummary, DayFate } from './summary.js';
import { countDays } from './summary.js';

export interface Tally {
  readonly fates: Map<IsoDay, DayFate>;
  readonly hear: (event: PopulateEvent) => void;
  /** The counts that follow from events; the rest is filled in by who knows it. */
  readonly counted: (accepted: ReadonlyMap<IsoDay, string>) => Pick<
    DatasetSummary,
    'days' | 'extra' | 'left_out' | 'problems' | 'accepted' | 'replaced' | 'quality' | 'times'
  > & {
    readonly ticker_days: DatasetSummary['ticker_days'];
  };
}

/** What spoils the exit code unless it was accepted. */
function isHole(fate: DayFate): fate is 'missing' | 'denied' | 'failed' {
  return fate === 'missing' || fate === 'denied' || fate === 'failed';
}

/** `isSession`: of the dataset's calendar; other days are extra. */
export function newTally(isSession: (day: IsoDay) => boolean): Tally {
  const fates = new Map<IsoDay, DayFate>();
  const problems = new Map<IsoDay, DatasetSummary['problems'][number]>();
  const replaced: DatasetSummary['replaced'][number][] = [];
  const tickerDays = { added: 0, unchanged: 0, corrected: 0, kept: 0 };
  const quality = { not_bars: 0, doubles: 0, off_date: 0, off_day: [] as IsoDay[] };
  const leftOut: DatasetSummary['left_out'][number][] = [];
  const times = { download_seconds: 0, work_seconds: 0 };
  const hear = (event: PopulateEvent): void => {
    switch (event.type) {
      case 'day':
        fates.set(event.day, event.source === 'archive' ? 'from_archive' : 'fetched');
        problems.delete(event.day);
        for (const key of ['added', 'unchanged', 'corrected', 'kept'] as const) tickerDays[key] += event[key];
        times.download_seconds += event.downloadSeconds;
        times.work_seconds += event.workSeconds;
        break;
      case 'problem':
        if (event.state !== 'done') fates.set(event.day, event.state);
        problems.set(event.day, { day: event.day, state: event.state, reason: event.reason });
        break;
      case 'replaced': {
        const { type: _, ...difference } = event;
        replaced.push(difference);
        break;
      }
      case 'quality':
        quality.not_bars += event.notBars.count;
        quality.doubles += event.doubles.count;
        quality.off_date += event.offDate;
        for (const one of event.leftOut) leftOut.push({ day: event.day, ...one });
        if (event.offDay.length > 0) quality.off_day.push(event.day);
        break;
      default:
    }
  };
  const byDay = (a: { readonly day: IsoDay }, b: { readonly day: IsoDay }): number =>
    a.day < b.day ? -1 : 1;
  return {
    fates,
    hear,
    counted: (accepted) => ({
      days: countDays(fates, isSession),
      extra: [...fates].flatMap(([day, state]) => (isSession(day) ? [] : [{ day, state }])).sort(byDay),
      problems: [...problems.values()].sort(byDay),
      accepted: [...fates]
        .flatMap(([day, state]) => {
          const reason = accepted.get(day);
          return reason !== undefined && isHole(state) ? [{ day, state, reason }] : [];
        })
        .sort(byDay),
      left_out: [...leftOut].sort(byDay),
      replaced: [...replaced].sort(byDay),
      ticker_days: { ...tickerDays },
      quality: { ...quality, off_day: [...quality.off_day].sort() },
      times: { ...times },
    }),
  };
}
