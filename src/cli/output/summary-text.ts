/**
 * The closing summary for people: what was asked for, what became of it, where it is, and what to do next. At
 * most 80 columns.
 */
import type { SessionCalendar } from '#market/calendar/sessions.js';
import type { DatasetSummary, DayFate } from '#tasks/populate/summary.js';
import { type DayGroup, groupDays } from './day-groups.js';
import { paragraph, row, wrapped } from './paragraph.js';
import { bytes, count, counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';
import { weekliesTexts } from './weeklies-text.js';

export interface SummaryView {
  readonly summary: DatasetSummary;
  readonly calendar: SessionCalendar;
  readonly seconds: number;
  readonly exitCode: number;
  readonly dryRun: boolean;
  readonly archive: boolean;
  readonly series: boolean;
}

/** How many ranges of days, replaced days or tickers are told; the --json document has all. */
const TOLD = 12;

export function summaryText(view: SummaryView): string {
  const { summary } = view;
  const lines = [
    '',
    `${summary.dataset}  ${summary.range.start} to ${summary.range.end}`,
    ...daysPart(view),
    ...(view.dryRun ? planPart(view) : resultPart(view)),
    ...problemsPart(view),
    ...nextPart(view),
  ];
  return `${lines.join('\n')}\n`;
}

function daysPart({ summary }: SummaryView): string[] {
  const { sessions, fetched, from_archive, unchanged, extra, ...rest } = summary.days;
  const states = [
    `${count(fetched)} fetched`,
    `${count(from_archive)} from the archive`,
    `${count(unchanged)} unchanged`,
    ...Object.entries(rest).flatMap(([state, days]) => (days > 0 ? [`${count(days)} ${state}`] : [])),
  ];
  return [
    row('sessions', count(sessions)),
    ...wrapped(
      '',
      states.filter((state) => !/^0 /.test(state)),
    ),
    ...(extra > 0 ? extraPart(summary) : []),
  ];
}

/** `1: 2026-02-16`, `2: 2024-06-01, 2024-06-08 (1 failed)`. */
function extraPart({ days, extra }: DatasetSummary): string[] {
  const lacking = extra.filter(({ state }) => !HERE.has(state)).length;
  const [first = '', ...others] = told(extra.map(({ day }) => day));
  const more = lacking === 0 ? [] : [`${count(lacking)} of them not here`];
  return wrapped('extra', [
    `${counted(days.extra, 'day')} that the calendar does not know: ${first}`,
    ...others,
    ...more,
  ]);
}

const HERE: ReadonlySet<DayFate> = new Set(['fetched', 'from_archive', 'unchanged']);

function planPart({ summary, archive }: SummaryView): string[] {
  const { to_fetch, needed } = summary.bytes;
  const where = archive ? summary.folders.archive : summary.folders.series;
  return [
    row('to download', bytes(to_fetch)),
    row('disk space', `about ${bytes(needed)} in ${safeText(where)}`),
  ];
}

function resultPart(view: SummaryView): string[] {
  const { summary, seconds } = view;
  const { ticker_days: ticks, requests, times, quality } = summary;
  const lines: string[] = [];
  if (view.series) {
    const tracked =
      summary.tickers.tracked === null ? 'every ticker' : counted(summary.tickers.tracked, 'ticker');
    const bars = [
      `${count(ticks.added)} added`,
      `${count(ticks.unchanged)} unchanged`,
      `${count(ticks.corrected)} corrected`,
      ...(ticks.kept > 0 ? [`${count(ticks.kept)} of yours kept`] : []),
    ];
    lines.push(row('tickers', tracked), ...wrapped('ticker-days', bars));
  }
  const requested = `${count(requests.list)} LIST and ${count(requests.get)} GET`;
  const retried = requests.retried > 0 ? [`${count(requests.retried)} retried`] : [];
  lines.push(...wrapped('downloaded', [`${bytes(summary.bytes.downloaded)} in ${requested}`, ...retried]));
  const worked = summary.days.fetched + summary.days.from_archive;
  const average = worked === 0 ? '' : `, ${((seconds * 1000) / worked).toFixed(0)} ms a day`;
  lines.push(row('time', `${duration(seconds)}${average}`));
  if (worked > 0) {
    lines.push(
      row(
        '',
        `download ${duration(times.download_seconds)}, processing ${duration(times.work_seconds)} (side by side)`,
      ),
    );
  }
  if (quality.not_bars > 0)
    lines.push(row('quality', `${counted(quality.not_bars, 'record')} no bar, left out of the series`));
  if (quality.off_date > 0)
    lines.push(
      row('quality', `${counted(quality.off_date, 'record')} stamped outside the trade date, left out`),
    );
  const [out] = summary.left_out;
  if (out !== undefined) {
    const more = summary.left_out.length > 1 ? [`and ${count(summary.left_out.length - 1)} more`] : [];
    const first = `${out.day} ${safeText(out.ticker)}, line ${out.line}: ${out.reason}`;
    lines.push(...wrapped('left out', [first, ...more]));
  }
  if (quality.doubles > 0)
    lines.push(row('quality', `${counted(quality.doubles, 'double bar')}, the last kept`));
  if (quality.off_day.length > 0) {
    const stamped = `${counted(quality.off_day.length, 'day')} stamped with another day: `;
    const [first = '', ...others] = told(quality.off_day);
    lines.push(...wrapped('quality', [`${stamped}${first}`, ...others]));
  }
  if (view.series) lines.push(row('series', safeText(summary.folders.series)));
  if (view.archive) lines.push(row('archive', safeText(summary.folders.archive)));
  return lines;
}

function problemsPart({ summary, calendar }: SummaryView): string[] {
  const accepted = new Set(summary.accepted.map(({ day }) => day));
  const open = summary.problems.filter(({ day }) => !accepted.has(day));
  const lines = [
    ...rangesPart(groupDays(open, calendar), ({ state }) => state),
    ...rangesPart(groupDays(summary.accepted, calendar), ({ state }) => `accepted (${state})`),
  ];
  for (const { day, added, removed, changed } of summary.replaced.slice(-TOLD)) {
    lines.push(
      ...paragraph(
        `replaced ${day}: ${count(added)} bars added, ${count(removed)} removed, ${count(changed)} changed`,
      ),
    );
  }
  const { never_seen, suggestions, unusable_lists, weeklies } = summary.tickers;
  if (never_seen.length > 0) {
    const named = never_seen.slice(0, TOLD).map((ticker) => {
      const meant = suggestions[ticker];
      return safeText(meant === undefined ? ticker : `${ticker} (did you mean ${meant}?)`);
    });
    const more = never_seen.length > TOLD ? [`and ${count(never_seen.length - TOLD)} more`] : [];
    lines.push(...paragraph(`never seen in the days read: ${[...named, ...more].join(', ')}`));
  }
  for (const { file, reason } of unusable_lists) lines.push(...paragraph(safeText(`${file} ${reason}`)));
  for (const text of weekliesTexts(weeklies, summary.dataset)) lines.push(...paragraph(text));
  return lines.length === 0 ? [] : ['', ...lines];
}

function rangesPart(groups: readonly DayGroup[], what: (group: DayGroup) => string): string[] {
  const lines = groups.slice(-TOLD).flatMap((group) => {
    const { start, end, days, reason } = group;
    const range = days === 1 ? start : `${start} to ${end} (${counted(days, 'day')})`;
    return paragraph(`${what(group)} ${range}: ${safeText(reason)}`);
  });
  return groups.length > TOLD
    ? [...lines, `  … and ${counted(groups.length - TOLD, 'more range')} (--json has all)`]
    : lines;
}

function nextPart(view: SummaryView): string[] {
  const { summary, exitCode } = view;
  const { days } = summary;
  const open = (state: 'failed' | 'missing' | 'denied'): number =>
    days[state] - summary.accepted.filter((hole) => hole.state === state).length;
  const next: string[] = [];
  if (view.dryRun) next.push('Nothing was written. Run the same command without --dry-run to do it.');
  else if (exitCode === 0) {
    next.push(complete(summary));
  } else {
    if (days.available > 0)
      next.push(`${counted(days.available, 'day')} not fetched yet: run the same command again to go on.`);
    if (open('failed') > 0) next.push('Failed days are tried again by the next run.');
    if (open('missing') > 0) next.push('Missing days are asked for again by the next run.');
    if (summary.tickers.unusable_lists.length > 0)
      next.push('Correct the lists named above, or remove them.');
    if (open('denied') > 0)
      next.push(
        'Denied days are not in the plan of these keys; ask for a later --start, or for a larger plan.',
      );
  }
  return next.length === 0 ? [] : ['', ...next.flatMap((text) => paragraph(text, ''))];
}

function complete({ days, accepted }: DatasetSummary): string {
  const but = [
    ...(accepted.length > 0 ? [counted(accepted.length, 'accepted day')] : []),
    ...(days.pending > 0 ? [`${counted(days.pending, 'day')} not published yet`] : []),
  ];
  if (but.length === 0) return 'Complete.';
  return `Complete but for ${but.join(' and ')}${days.pending > 0 ? '; run again later.' : '.'}`;
}

function told(days: readonly string[]): readonly string[] {
  return days.length <= 3 ? days : [...days.slice(0, 3), '…'];
}
