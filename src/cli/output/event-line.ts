/** One plain line for each event that a person wants to see while a run goes; undefined for the others. */

import type { PopulateEvent } from '#ingest/run/events.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

export function eventLine(event: PopulateEvent): string | undefined {
  switch (event.type) {
    case 'started': {
      const tickers =
        event.tickers === 'none'
          ? 'archive only'
          : event.tickers === 'all'
            ? 'every ticker'
            : counted(event.tickers, 'ticker');
      return `${event.dataset}: ${event.start} to ${event.end}, ${counted(event.sessions, 'session')}, ${tickers}`;
    }
    case 'planned':
      return event.days === 0 ? 'nothing to fetch' : `to do: ${plan(event)}`;
    case 'day':
      return dayLine(event);
    case 'problem':
      return problemLine({ ...event, first: event.day, last: event.day, days: 1 });
    case 'retry':
      return `${safeText(event.what)}  attempt ${event.attempt} failed (${safeText(event.reason)}); again in ${(event.waitMs / 1000).toFixed(1)} s`;
    case 'replaced': {
      const { largest } = event;
      const most =
        largest === undefined
          ? ''
          : `; largest change: ${safeText(largest.ticker)} close ${largest.closeBefore} to ${largest.closeAfter}`;
      return `${event.day}  replaced by the vendor: ${counted(event.added, 'bar')} added, ${count(event.removed)} removed, ${count(event.changed)} changed${most}`;
    }
    case 'quality':
      return qualityLine(event);
    case 'kept':
      return `${safeText(event.ticker)}: ${counted(event.rows, 'row')} of your file ${event.rows === 1 ? 'differs' : 'differ'} from the vendor's (first ${event.first}) and ${event.rows === 1 ? 'was' : 'were'} kept`;
    case 'note':
      return `${event.level === 'warning' ? 'warning: ' : ''}${safeText(event.message)}`;
    default:
      return undefined;
  }
}

function plan(event: Extract<PopulateEvent, { type: 'planned' }>): string {
  const parts: string[] = [];
  if (event.fetch > 0)
    parts.push(`${counted(event.fetch, 'day')} to fetch (${(event.bytes / 1e6).toFixed(1)} MB)`);
  if (event.archive > 0) parts.push(`${counted(event.archive, 'day')} from the archive`);
  return parts.join(', ');
}

/** `[ 12/504] 2024-11-12  s3  53 tickers: 53 added, 0 unchanged  0.8s` */
function dayLine(event: Extract<PopulateEvent, { type: 'day' }>): string {
  const n = String(event.n).padStart(String(event.days).length);
  const what: string[] = [];
  if (event.tickers === undefined) {
    what.push(counted(event.rows ?? 0, 'row'));
  } else {
    const changes = [`${count(event.added)} added`, `${count(event.unchanged)} unchanged`];
    if (event.corrected > 0) changes.push(`${count(event.corrected)} corrected`);
    if (event.kept > 0) changes.push(`${count(event.kept)} kept`);
    what.push(`${counted(event.tickers, 'ticker')}: ${changes.join(', ')}`);
  }
  const seconds = (event.downloadSeconds + event.workSeconds).toFixed(1);
  return `[${n}/${event.days}] ${event.day}  ${event.source}  ${what.join('')}  ${seconds}s`;
}

function qualityLine(event: Extract<PopulateEvent, { type: 'quality' }>): string {
  const parts: string[] = [];
  const { notBars, doubles, offDay, offDate, leftOut } = event;
  if (notBars.count > 0) {
    const first = notBars.first[0];
    const example =
      first === undefined ? '' : ` (line ${first.line}, ${safeText(first.ticker)}: ${first.reason})`;
    parts.push(
      `${counted(notBars.count, 'record')} that ${notBars.count === 1 ? 'is no bar' : 'are no bars'}${example}, left out of the series`,
    );
  }
  if (doubles.count > 0) {
    parts.push(
      `${counted(doubles.count, 'bar')} of a ticker that has one already (${doubles.first.map(safeText).join(', ')}), the last is kept`,
    );
  }
  const off = leftOut.find(({ reason }) => reason.startsWith('stamped'));
  if (offDate > 0)
    parts.push(
      `${counted(offDate, 'record')} stamped outside the trade date${off === undefined ? '' : ` (line ${off.line}, ${safeText(off.ticker)})`}, left out of the series`,
    );
  else if (offDay.length > 0)
    parts.push(
      `window_start ${offDay.map(safeText).join(', ')} is not of that day; the day of the key counts`,
    );
  return `${event.day}  quality: ${parts.join('; ')}`;
}

/** Days with the same trouble, one behind the other as they were reported. */
export interface ProblemRun {
  readonly state: string;
  readonly reason: string;
  readonly first: IsoDay;
  readonly last: IsoDay;
  readonly days: number;
}

/** The run with one more day; undefined where that one has another trouble. */
export function extendRun(
  run: ProblemRun,
  { day, state, reason }: Extract<PopulateEvent, { type: 'problem' }>,
): ProblemRun | undefined {
  if (state !== run.state || reason !== run.reason) return undefined;
  return {
    ...run,
    first: day < run.first ? day : run.first,
    last: day > run.last ? day : run.last,
    days: run.days + 1,
  };
}

/** `2024-11-12  denied: …`, or for several days `2021-11-22 to 2022-03-31  90 days denied: …`. */
export function problemLine({ state, reason, first, last, days }: ProblemRun): string {
  return days === 1
    ? `${first}  ${state}: ${safeText(reason)}`
    : `${first} to ${last}  ${counted(days, 'day')} ${state}: ${safeText(reason)}`;
}
