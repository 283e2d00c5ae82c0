/**
 * The form of progress.json: schema version, source, per dataset a line a day, and in the last line a CRC-32
 * of all before it, by which a byte that was changed is noticed. Reading refuses what it does not know.
 */
import { isIsoDay } from '#market/calendar/iso-day.js';
import { jsonTrouble } from '#platform/disk/json-trouble.js';
import { isShallow } from '#platform/json-depth.js';
import { checkOf } from './check.js';
import type { DayRange, DayRanges } from './day-ranges.js';
import { type DatasetProgress, emptyProgress, type Progress, SCHEMA_VERSION } from './model.js';
import { isDayRecord, isSeriesRecord } from './records.js';

/** progress.json cannot be read; the message says why. */
export class ProgressFileError extends Error {
  /** Whether a newer barloom wrote it: then it is not damaged, and must not be replaced. */
  readonly newer: boolean;

  constructor(message: string, newer = false) {
    super(message);
    this.name = 'ProgressFileError';
    this.newer = newer;
  }
}

export function renderProgress(progress: Progress): string {
  const lines: string[] = [
    `{"schema_version":${SCHEMA_VERSION}`,
    `,"source":${JSON.stringify(progress.source ?? null)}`,
    ',"datasets":{',
  ];
  let firstDataset = true;
  for (const [name, dataset] of progress.datasets) {
    lines.push(`${firstDataset ? '' : ','}${JSON.stringify(name)}:{"days":{`);
    firstDataset = false;
    lines.push(...entries([...dataset.days].sort(([a], [b]) => (a < b ? -1 : 1))));
    lines.push('},"lookups":[');
    lines.push(...groupedLookups(dataset).map((group, i) => `${i === 0 ? '' : ','}${JSON.stringify(group)}`));
    lines.push(
      `],"every_ticker":${JSON.stringify({ days: dataset.everyTicker, except: [...dataset.exceptions] })}`,
    );
    lines.push(',"series":{', ...entries([...dataset.series]), '}}');
  }
  lines.push('}');
  const body = lines.join('\n');
  return `${body}${CHECK_BEGINS}${checkOf(body)}${CHECK_ENDS}`;
}

const CHECK_BEGINS = '\n,"check":"';
const CHECK_ENDS = '"}\n';

/** Of the last line: whether it is a check, and fits all before it. */
function checkState(text: string): 'right' | 'wrong' | 'none' {
  const at = text.lastIndexOf(CHECK_BEGINS);
  if (at < 0 || !LAST_LINE.test(text.slice(at))) return 'none';
  return text.slice(at + CHECK_BEGINS.length, -CHECK_ENDS.length) === checkOf(text.slice(0, at))
    ? 'right'
    : 'wrong';
}

const LAST_LINE = /^\n,"check":"[0-9a-f]{8}"\}\n$/;
const MISFIT = 'its check does not fit: it was damaged, or changed by other hands';

/** What a file from before there was a check holds, and nothing else. */
const UNCHECKED_FIELDS: readonly string[] = ['schema_version', 'source', 'datasets'];

function entries(list: readonly (readonly [string, unknown])[]): string[] {
  return list.map(
    ([key, value], i) => `${i === 0 ? '' : ','}${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
}

interface LookupGroup {
  readonly days: DayRanges;
  readonly tickers: readonly string[];
}

function groupedLookups(dataset: DatasetProgress): LookupGroup[] {
  const groups = new Map<string, { days: DayRanges; tickers: string[] }>();
  const keys = new Map<DayRanges, string>();
  for (const [ticker, days] of dataset.lookups) {
    let key = keys.get(days);
    if (key === undefined) {
      key = JSON.stringify(days);
      keys.set(days, key);
    }
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { days, tickers: [ticker] });
    else group.tickers.push(ticker);
  }
  return [...groups.values()];
}

/** Throws ProgressFileError. */
export function parseProgress(text: string): Progress {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ProgressFileError(`it is not JSON (${jsonTrouble(error, text)})`);
  }
  const file = record(json, 'the file');
  const check = checkState(text);
  // Before the version is believed: a damaged one looks like a newer barloom's.
  if (check === 'wrong') throw new ProgressFileError(MISFIT);
  const version = file['schema_version'];
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new ProgressFileError(
      `its schema_version is ${version} and this barloom knows ${SCHEMA_VERSION}`,
      true,
    );
  }
  if (version !== SCHEMA_VERSION)
    throw new ProgressFileError(
      version === undefined ? 'it has no schema_version' : `its schema_version is ${shortJson(version)}`,
    );
  if (check === 'none' && !Object.keys(file).every((field) => UNCHECKED_FIELDS.includes(field)))
    throw new ProgressFileError(MISFIT);
  const progress = emptyProgress();
  const source = file['source'];
  if (source !== null && source !== undefined) {
    const { endpoint, bucket } = record(source, 'source');
    if (typeof endpoint !== 'string' || typeof bucket !== 'string')
      throw new ProgressFileError('its source is incomplete');
    progress.source = { endpoint, bucket };
  }
  for (const [name, value] of Object.entries(record(file['datasets'], 'datasets'))) {
    progress.datasets.set(name, parseDataset(record(value, name)));
  }
  return progress;
}

function parseDataset(value: Record<string, unknown>): DatasetProgress {
  const every = record(value['every_ticker'], 'every_ticker');
  const dataset: DatasetProgress = {
    days: new Map(),
    lookups: new Map(),
    everyTicker: ranges(every['days']),
    exceptions: new Set(strings(every['except'])),
    series: new Map(),
  };
  for (const [day, known] of Object.entries(record(value['days'], 'days'))) {
    if (!isIsoDay(day)) throw new ProgressFileError(`it holds a day ${shortJson(day)}`);
    if (!isDayRecord(known)) throw new ProgressFileError(`what it holds of ${day} makes no sense`);
    dataset.days.set(day, known);
  }
  const groups = value['lookups'];
  if (!Array.isArray(groups)) throw new ProgressFileError('its lookups are no list');
  for (const item of groups) {
    const group = record(item, 'lookups');
    const days = ranges(group['days']);
    for (const ticker of strings(group['tickers'])) dataset.lookups.set(ticker, days);
  }
  for (const [ticker, known] of Object.entries(record(value['series'], 'series'))) {
    if (!isSeriesRecord(known))
      throw new ProgressFileError(`what it holds of the series ${shortJson(ticker)} makes no sense`);
    dataset.series.set(ticker, known);
  }
  return dataset;
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProgressFileError(`${where} is no object`);
  }
  return value as Record<string, unknown>;
}

function strings(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new ProgressFileError('it holds a list of tickers that is none');
  }
  return value;
}

function ranges(value: unknown): DayRanges {
  if (!Array.isArray(value)) throw new ProgressFileError('it holds day ranges that are none');
  return value.map((item): DayRange => {
    const [start, end] = Array.isArray(item) ? item : [];
    if (
      typeof start !== 'string' ||
      typeof end !== 'string' ||
      !isIsoDay(start) ||
      !isIsoDay(end) ||
      start > end
    ) {
      throw new ProgressFileError(`it holds a day range ${shortJson(item)}`);
    }
    return [start, end];
  });
}

const LONGEST_QUOTE = 60;

/** Of a wrong value so much that it is found again. */
function shortJson(value: unknown): string {
  if (!isShallow(value)) return '…';
  const json = JSON.stringify(value);
  return json.length > LONGEST_QUOTE ? `${json.slice(0, LONGEST_QUOTE)}…` : json;
}
