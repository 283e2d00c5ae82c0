/**
 * Whether what was read from a file has the form of a record: its check may fit, and an editor or another
 * version have written it.
 */
import { isIsoDay } from '#market/calendar/iso-day.js';
import { isShallow } from '#platform/json-depth.js';
import type { DayRecord, SeriesRecord } from './model.js';
import type { Step } from './steps.js';

type Fields = Readonly<Record<string, unknown>>;

/** Of a field that may be missing. */
type Check = (value: unknown) => boolean;

const STATES: readonly unknown[] = ['denied', 'failed', 'missing'];

const DAY_FIELDS: Readonly<Record<keyof DayRecord, Check>> = {
  size: isNumber,
  etag: isText,
  last_modified: isText,
  rows: isNumber,
  left_out: (value) => Array.isArray(value) && value.every(isLeftOut),
  text_sha256: isText,
  sorted_sha256: isText,
  archive: isStamp,
  users: (value) => Array.isArray(value) && value.every(isText),
  correct: (value) => isFields(value) && Object.values(value).every((bar) => bar === null || isText(bar)),
  problem: (value) => isFields(value) && STATES.includes(value['state']) && isText(value['reason']),
  pruned: (value) => typeof value === 'boolean',
};

/** Fields that nobody knows here do no harm. */
export function isDayRecord(value: unknown): value is DayRecord {
  return (
    isFields(value) &&
    isShallow(value) &&
    Object.entries(DAY_FIELDS).every(([name, fits]) => value[name] === undefined || fits(value[name]))
  );
}

export function isSeriesRecord(value: unknown): value is SeriesRecord {
  return (
    isStamp(value) &&
    isShallow(value) &&
    typeof value['seen'] === 'boolean' &&
    (value['next'] === undefined || isText(value['next']))
  );
}

export function isStep(value: unknown): value is Step {
  if (!isFields(value) || !isShallow(value)) return false;
  const { step, dataset, day, days, tickers, source, files, record } = value;
  if (step === 'source') return isFields(source) && isText(source['endpoint']) && isText(source['bucket']);
  if (!isText(dataset)) return false;
  switch (step) {
    case 'day':
      return isText(day) && isIsoDay(day) && isDayRecord(record);
    case 'looked-up':
      return (tickers === '*' || isTexts(tickers)) && isTexts(days) && days.every(isIsoDay);
    case 'series':
      return isFields(files) && Object.values(files).every(isSeriesRecord);
    case 'forget':
      return isTexts(tickers);
    default:
      return false;
  }
}

function isLeftOut(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { ticker, line, reason, records } = value;
  return isText(ticker) && isNumber(line) && isText(reason) && isNumber(records);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStamp(value: unknown): value is Fields {
  return isFields(value) && isNumber(value['size']) && isNumber(value['mtimeMs']);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
