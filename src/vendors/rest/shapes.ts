/** How an answer's body becomes records: most endpoints have a list under `results`, some do not. */
import type { TableType } from '#market/tables/table-type.js';
import { openEnvelope } from './envelope.js';
import { ShapeError } from './shape-error.js';

export interface Answer {
  readonly records: readonly unknown[];
  readonly nextUrl: string | undefined;
}

/** `ticker`: that was asked for, where one was. Throws ShapeError, or SourceError as openEnvelope does. */
export function recordsOf(body: unknown, type: TableType, ticker: string | undefined): Answer {
  if (type.shape === 'bare') {
    if (!Array.isArray(body)) throw new ShapeError(type.name, 'the answer is no list');
    return { records: body, nextUrl: undefined };
  }
  const { results, nextUrl } = openEnvelope(body, type.name);
  switch (type.shape) {
    case 'details':
      return { records: results === undefined ? [] : [objectOf(results, type)], nextUrl };
    case 'events':
      return {
        records: results === undefined ? [] : eventsOf(objectOf(results, type), type, ticker),
        nextUrl,
      };
    case 'related':
      return { records: relatedOf(listOf(results, type), type, ticker), nextUrl };
    default:
      return {
        records: type.name === 'ipos' ? listOf(results, type).map(withKey) : listOf(results, type),
        nextUrl,
      };
  }
}

function listOf(results: unknown, { name }: TableType): readonly unknown[] {
  if (results === undefined) return [];
  if (Array.isArray(results)) return results;
  throw new ShapeError(name, 'results is an object where a list is documented');
}

function objectOf(results: unknown, { name }: TableType): Readonly<Record<string, unknown>> {
  if (isRecord(results)) return results;
  throw new ShapeError(name, 'results is a list where an object is documented');
}

/** `{name, composite_figi, cik, events: [{type, date, ticker_change: {ticker}}]}` */
function eventsOf(
  results: Readonly<Record<string, unknown>>,
  { name: type }: TableType,
  ticker: string | undefined,
): readonly unknown[] {
  const { name, composite_figi, cik, events } = results;
  if (events === undefined || events === null) return [];
  if (!Array.isArray(events)) throw new ShapeError(type, 'events is no list');
  return events.map((event: unknown) => {
    if (!isRecord(event)) throw new ShapeError(type, 'an event is no object');
    const { ticker_change: change, ...rest } = event;
    return {
      asked: ticker,
      name,
      composite_figi,
      cik,
      ...rest,
      ticker: isRecord(change) ? change['ticker'] : undefined,
    };
  });
}

function relatedOf(
  results: readonly unknown[],
  { name }: TableType,
  ticker: string | undefined,
): readonly unknown[] {
  return results.map((one, i) => {
    if (!isRecord(one)) throw new ShapeError(name, 'a related company is no object');
    const { ticker: related, ...rest } = one;
    return { ...rest, ticker, related, rank: i + 1 };
  });
}

/** An IPO has no id. */
function withKey(record: unknown): unknown {
  if (!isRecord(record)) return record;
  const { isin, us_code: code, issuer_name: issuer, announced_date: announced } = record;
  const given = [isin, code].find((one) => typeof one === 'string' && one !== '');
  return { ...record, ipo_key: given ?? `${String(issuer ?? '')} ${String(announced ?? '')}` };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
