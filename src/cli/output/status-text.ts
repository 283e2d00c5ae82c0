/**
 * What status says to people: what is going on, what the last run came to, and each dataset with its calendar
 * of coverage.
 */

import type { RunRecord } from '#store/ledger/run-file.js';
import { EXIT } from '#tasks/exit-code.js';
import type { DatasetStatus, FolderStatus, RunningNow, Some } from '#tasks/status/status.js';
import { type HeatMapStyle, heatMap, legend } from './heat-map.js';
import { bytes, clockTime, count, counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';
import { placeOf, wallTime } from './wall-time.js';

export interface StatusStyle {
  /** Of the terminal; the text is a column narrower, and never wider than 79. */
  readonly columns: number;
  readonly ascii: boolean;
  readonly color: boolean;
  /** The machine's own zone (IANA). */
  readonly timeZone: string;
}

const WIDEST = 79;
const NARROWEST = 18;
const INDENT = 2;
/** Where what is said begins, behind its name. */
const NAME = 11;
/** Narrower lines have no room for a name beside the text. */
const ROOMY = 36;

export function statusText(status: FolderStatus, style: StatusStyle): string {
  const width = Math.max(NARROWEST, Math.min(WIDEST, style.columns - 1));
  const { running, last_run: last } = status;
  const lines = [
    ...status.warnings.flatMap((warning) => wrapped(`warning: ${safeText(warning)}`.split(' '), '', width)),
    ...(running === null ? [] : runningPart(running, style, width)),
    ...(last === null ? [] : field('last run', [lastRunText(last, style)], width)),
    ...status.datasets.flatMap((dataset) => [
      '',
      ...datasetPart(dataset, running?.run?.dataset === dataset.dataset, style, width),
    ]),
  ];
  return `${lines.join('\n').replace(/^\n+/, '')}\n`;
}

/** One line for whoever follows through a pipe. */
export function statusLine({ running, last_run: last, datasets }: FolderStatus): string {
  const parts: string[] = [];
  if (running !== null)
    parts.push(
      `${safeText(running.command)} ${running.run === null ? 'is running' : `${progressText(running.run)}${timeLeft(running.run)}`}`,
    );
  else if (last !== null)
    parts.push(
      `${safeText(last.command)} ${last.ended === null ? `did not end: ${progressText(last)}` : `ended: exit ${last.exit_code}, ${workText(last)}`}`,
    );
  for (const { dataset, days, last: newest } of datasets)
    parts.push(`${dataset}: ${daysText(days).join(', ')}${newest === null ? '' : `, newest ${newest}`}`);
  return `${parts.join('; ')}\n`;
}

function runningPart(running: RunningNow, style: StatusStyle, width: number): readonly string[] {
  const { command, pid, host, since, here, run } = running;
  const who = `${safeText(command)}, pid ${pid}${here ? '' : ` on ${safeText(host)}`}, since ${instant(since, style)}`;
  const lines = [...field('running', [who], width)];
  if (!here)
    lines.push(...field('', ['whether that other host is still at it cannot be known from here'], width));
  if (run === null) return lines;
  const range = `${run.range.start} to ${run.range.end}:`;
  return [...lines, ...field('', [range, `${progressText(run)}${timeLeft(run)}`, bar(run, style)], width)];
}

const BAR = 20;

function bar({ done, days }: RunRecord, { ascii }: StatusStyle): string {
  const share = days === 0 ? 0 : Math.min(1, done / days);
  const full = Math.floor(share * BAR);
  const signs = ascii ? ['#', '.'] : ['█', '·'];
  return `${(signs[0] ?? '').repeat(full)}${(signs[1] ?? '').repeat(BAR - full)} ${Math.floor(share * 100)} %`;
}

/** `day 34 of 504, 8.4 MB` */
function progressText({ done, days, downloaded }: RunRecord): string {
  return `day ${count(done)} of ${count(days)}, ${bytes(downloaded)}`;
}

function timeLeft({ done, days, seconds }: RunRecord): string {
  return done === 0 || done >= days ? '' : `, ETA ${clockTime(((days - done) * seconds) / done)}`;
}

function lastRunText(run: RunRecord, style: StatusStyle): string {
  const { command, started, ended, seconds, exit_code: exitCode } = run;
  const began = `${safeText(command)}, ${instant(started, style)}`;
  if (ended === null)
    return `${began}: did not end (killed, or the machine went down), at ${progressText(run)}; run it again to go on`;
  return `${began}, ${duration(seconds)}: ${workText(run)}, exit ${exitCode}${meaning(exitCode)}`;
}

function workText({ days, fetched, from_archive: fromArchive, exit_code: exitCode }: RunRecord): string {
  if (days === 0) return exitCode === 0 ? 'nothing to fetch' : 'nothing fetched';
  const parts = [`${counted(fetched, 'day')} fetched`];
  if (fromArchive > 0) parts.push(`${count(fromArchive)} from the archive`);
  return fetched + fromArchive < days ? `${parts.join(', ')} of ${count(days)}` : parts.join(', ');
}

function meaning(exitCode: number | null): string {
  switch (exitCode) {
    case EXIT.incomplete:
      return ' (something asked for is not there)';
    case EXIT.notEntitled:
      return ' (not authenticated, or not entitled)';
    case EXIT.network:
      return ' (the network gave out)';
    case EXIT.disk:
      return ' (local storage)';
    case EXIT.SIGHUP:
    case EXIT.SIGINT:
    case EXIT.SIGTERM:
      return ' (stopped)';
    default:
      return '';
  }
}

/** `busy`: a run is fetching days of it just now. */
function datasetPart(
  status: DatasetStatus,
  busy: boolean,
  style: StatusStyle,
  width: number,
): readonly string[] {
  const { dataset, title, first, last, tickers, series } = status;
  const span = first === null || last === null ? 'no day here' : `${first} to ${last}`;
  return [
    ...wrapped([dataset, '', ...span.split(' '), '', ...`(${title})`.split(' ')], '', width),
    ...field('days', [`${counted(status.days.sessions, 'session')}:`, ...daysText(status.days)], width),
    ...holesPart(status, busy, width),
    ...leftOutPart(status, width),
    ...coveragePart(status, style, width),
    ...field(
      'tickers',
      tickers.tracked === null
        ? ['every one']
        : [
            `${count(tickers.tracked)} tracked${tickers.lists.length === 0 ? '' : ':'}`,
            ...listsText(tickers.lists),
          ],
      width,
    ),
    ...someField('without a series: ', tickers.without_series, width),
    ...field('series', [counted(series.files, 'file'), bytes(series.bytes)], width),
    ...someField('that nobody tracks: ', series.untracked, width),
    ...field('archive', archiveText(status.archive), width),
    ...field('next file', [nextText(status, style)], width),
  ];
}

function daysText({ sessions: _, ...states }: DatasetStatus['days']): readonly string[] {
  const shown = Object.entries(states).filter(([state, days]) => days > 0 || state === 'done');
  return shown.map(([state, days]) => `${count(days)} ${state.replace('_', ' ')}`);
}

function holesPart(
  { days, accepted, behind }: DatasetStatus,
  busy: boolean,
  width: number,
): readonly string[] {
  const holes = days.sessions - days.done - days.pending;
  const parts: string[] = [];
  if (holes > 0) {
    const known = accepted > 0 ? `, ${count(accepted)} of them accepted` : '';
    const advice = busy ? ' so far' : ': barloom gaps says which and why';
    parts.push(`${counted(holes, 'hole')}${known}${advice}`);
  }
  if (behind > 0 && !busy) parts.push(`${counted(behind, 'session')} behind what is due`);
  return parts.flatMap((part) => field('', [part], width));
}

function leftOutPart(
  { left_out_records: records, left_out_days: days, left_out: newest }: DatasetStatus,
  width: number,
): readonly string[] {
  if (records === 0) return [];
  const shown = newest.slice(0, 3).map(({ day, ticker }) => `${safeText(ticker)} ${day}`);
  const whose = shown.length === 0 ? ', of no tracked ticker' : `: newest of ${shown.join(', ')}`;
  const what = `${counted(records, 'record')} on ${counted(days, 'day')} left out of the series${whose}`;
  return field('', [what], width);
}

function coveragePart({ months }: DatasetStatus, style: StatusStyle, width: number): readonly string[] {
  if (months.length === 0) return [];
  const map: HeatMapStyle = { width: width - INDENT, ascii: style.ascii, color: style.color };
  const indent = ' '.repeat(INDENT);
  return [
    '',
    ...heatMap(months, map).map((line) => indent + line),
    ...wrapped(
      legend(months, map).flatMap((part, i) => (i === 0 ? [part] : ['', part])),
      indent,
      width,
    ),
    '',
  ];
}

function listsText(lists: DatasetStatus['tickers']['lists']): readonly string[] {
  return lists.map(({ file, tickers }) => `${safeText(file)} ${count(tickers)}`);
}

function someField(what: string, { count: all, first }: Some, width: number): readonly string[] {
  if (all === 0) return [];
  const shown = first.slice(0, 6).map(safeText);
  const more = all > shown.length ? ['…'] : [];
  return field('', [`${count(all)} ${what}${shown[0] ?? ''}`, ...shown.slice(1), ...more], width);
}

function archiveText({
  files,
  bytes: size,
  text_bytes: text,
  sampled,
}: DatasetStatus['archive']): readonly string[] {
  const parts = [counted(files, 'file'), bytes(size)];
  if (text === null || size === 0) return parts;
  const about = sampled === files ? '' : 'about ';
  return [...parts, `${about}${bytes(text)} of text (${(text / size).toFixed(1)} to 1)`];
}

function nextText({ next }: DatasetStatus, { timeZone }: StatusStyle): string {
  const due = new Date(next.due);
  const there = wallTime(due, next.time_zone);
  const here = wallTime(due, timeZone);
  const place = placeOf(next.time_zone);
  const same = here.day === there.day && here.time === there.time;
  const local = `${here.day === there.day ? '' : `${here.weekday} ${here.day} `}${here.time} here, ${timeZone}`;
  return `${next.day}, due ${there.weekday} ${there.day} ${there.time} in ${place}${same ? '' : ` (${local})`}`;
}

/** On the machine's own clock. */
function instant(text: string, { timeZone }: StatusStyle): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return safeText(text);
  const { day, time } = wallTime(at, timeZone);
  return `${day} ${time}`;
}

/**
 * The name, and the parts behind it with commas between, on as many lines as they need; where there is little
 * room, below it.
 */
function field(name: string, parts: readonly string[], width: number): readonly string[] {
  const words = listed(parts).flatMap((part) => part.split(' '));
  const side = ' '.repeat(INDENT);
  if (width < ROOMY) {
    return [...(name === '' ? [] : [`${side}${name}`]), ...wrapped(words, side.repeat(2), width)];
  }
  const start = ' '.repeat(INDENT + NAME);
  const [first = start, ...rest] = wrapped(words, start, width);
  return [`${side}${name.padEnd(NAME)}${first.slice(start.length)}`, ...rest];
}

/** A part that ends in a colon stands before what it speaks of. */
function listed(parts: readonly string[]): readonly string[] {
  return parts.map((part, i) => (i < parts.length - 1 && !part.endsWith(':') ? `${part},` : part));
}

/**
 * Words behind an indent; what is wider than the line is cut into pieces. An empty word widens the gap,
 * within a line.
 */
function wrapped(words: readonly string[], indent: string, width: number): readonly string[] {
  const room = Math.max(1, width - indent.length);
  const lines: string[] = [];
  let line = '';
  for (const piece of words.flatMap((word) => pieces(word, room))) {
    const longer = line === '' ? piece : `${line} ${piece}`;
    if (longer.length <= room) line = longer;
    else {
      lines.push(`${indent}${line}`.trimEnd());
      line = piece;
    }
  }
  if (line !== '') lines.push(`${indent}${line}`.trimEnd());
  return lines;
}

function pieces(word: string, room: number): readonly string[] {
  if (word.length <= room) return [word];
  if (word.includes(' ')) return word.split(' ').flatMap((part) => pieces(part, room));
  return word.match(new RegExp(`.{1,${room}}`, 'gu')) ?? [];
}
