/**
 * A run of matching for people: what changed on stderr as it runs, then the counts, and what was wrong with
 * the input.
 */
import { adviceFor } from '#market/instruments/reasons.js';
import type { Change, MatchEvent } from '#tasks/match/events.js';
import type { MatchPlaces } from '#tasks/match/request.js';
import type { MatchResult, MatchWork } from '#tasks/match/result.js';
import { row, wrapped } from './paragraph.js';
import { bytes, count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

/** The words that users of the older program know. */
export function changeText(event: Exclude<MatchEvent, { readonly type: 'reading' }>): string {
  if (event.type === 'unchanged')
    return 'Incremental resume: inputs unchanged and outputs exist - skipping processing (--full does all of it again)\n';
  const why = event.changes.map(changeWords).join(', ');
  const whole = event.changes.some(({ what }) => WHOLE.has(what));
  const does = whole ? 'running full pipeline' : 'doing what they touch';
  return `Incremental resume: inputs changed or outputs missing - ${does}: ${safeText(why)}\n`;
}

const WHOLE: ReadonlySet<Change['what']> = new Set(['first-run', 'full', 'older-state', 'broken-state']);

function changeWords(change: Change): string {
  switch (change.what) {
    case 'first-run':
      return 'no run before';
    case 'full':
      return '--full';
    case 'reindex':
      return '--force-reindex';
    case 'older-state':
      return "the state is the older program's and is replaced";
    case 'broken-state':
      return 'the state cannot be read';
    case 'rules':
      return 'the rules are newer';
    case 'tree':
      return "the archive's files are others";
    case 'aliases':
      return 'the aliases changed';
    case 'lists':
      return `${counted(change.names.length, 'list')} changed (${change.names.join(', ')})`;
    case 'sources':
      return `${counted(change.count, 'price file')} changed`;
    case 'prices':
      return `${counted(change.count, 'written price file')} gone or edited`;
    case 'outputs':
      return `${change.names.join(', ')} to be written`;
  }
}

export function matchText(result: MatchResult, places: MatchPlaces, dryRun: boolean): string {
  const { summary, work } = result;
  if (dryRun) return `${dryRunLines(work).join('\n')}\n`;
  if (summary === undefined) return '';
  const lines = [
    `${counted(summary.instruments, 'instrument')}, ${count(summary.matched)} matched to ${counted(summary.tickers, 'price file')} of ${count(summary.archive_files)}`,
    ...wrapped('matched by', tallied(summary.by_strategy)),
    ...wrapped('confidence', tallied(summary.by_confidence)),
    ...wrapped('unmatched', tallied(summary.by_reason)),
    ...wrapped('prices', tallied(summary.by_data_status)),
    ...wrapped('currency', tallied(summary.by_currency_status)),
    ...wrapped('done now', workWords(work)),
    row('reports', safeText(places.matchReport)),
    row('', safeText(places.unmatchedReport)),
    row('prices', safeText(places.pricesDir)),
  ];
  return `${lines.join('\n')}\n`;
}

export function tallied(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts).map(([name, n]) => `${safeText(name)} ${count(n)}`);
}

function workWords(work: MatchWork): readonly string[] {
  const parts = [
    ...(work.lists_matched === 0 ? [] : [`${counted(work.instruments_matched, 'instrument')} matched`]),
    ...(work.files_read === 0
      ? []
      : [`${counted(work.files_read, 'file')} read (${bytes(work.bytes_read)})`]),
    ...(work.prices_written === 0 ? [] : [`${counted(work.prices_written, 'price file')} written`]),
    ...(work.prices_removed === 0 ? [] : [`${counted(work.prices_removed, 'price file')} removed`]),
    ...work.outputs_written.map((name) => `${name} written`),
  ];
  return parts.length === 0 ? ['nothing: all of it stands'] : parts;
}

function dryRunLines(work: MatchWork): readonly string[] {
  return [
    'A run would do this:',
    row(
      'match',
      `${counted(work.instruments_matched, 'instrument')} of ${counted(work.lists_matched, 'list')}`,
    ),
    row('read', `${counted(work.files_read, 'price file')}, ${bytes(work.bytes_read)}`),
    row('write', `up to ${counted(work.prices_written, 'price file')}, of about the same bytes in all`),
  ];
}

/** Of the problems of one kind so many are told. */
const TOLD = 10;

/** What is wrong with the input, a line each. `quiet`: only what makes the result incomplete. */
export function problemsText({ problems, doubles }: MatchResult, quiet: boolean): string {
  const lists = problems.lists.filter(({ isLoss }) => isLoss || !quiet);
  return [
    ...told(
      problems.folders,
      'folders',
      ({ path, code }) => `the archive's folder ${path} cannot be read (${code}): its files are missing`,
    ),
    ...told(problems.sources, 'price files', ({ path, status }) => `${path}: ${status}`),
    ...told(lists, 'lines of lists', ({ list, line, text }) => `${list}, line ${line}: ${text}`),
    ...(quiet
      ? []
      : told(
          doubles,
          'tickers',
          ({ ticker, path }) => `${ticker} lies in several folders of the archive: ${path} counts`,
        )),
  ]
    .map((line) => `barloom: ${safeText(line)}\n`)
    .join('');
}

function told<T>(all: readonly T[], what: string, words: (one: T) => string): readonly string[] {
  const lines = all.slice(0, TOLD).map(words);
  return all.length > TOLD
    ? [...lines, `and ${count(all.length - TOLD)} more ${what} like this (--json has all)`]
    : lines;
}

/** A reason with what can be done about it. */
export function reasonText(reason: string): string {
  return `${reason}: ${adviceFor(reason)}`;
}
