/** What a fetch would ask for: windows a type, tickers one by one, and about how many requests. */
import { knownTo } from '#ingest/tables/known-table.js';
import { groupsOf, planTable, type TableWish } from '#ingest/tables/plan-table.js';
import type { TableWindow } from '#ingest/tables/window.js';
import { daysBetween, type IsoDay } from '#market/calendar/iso-day.js';
import { asOlder } from '#market/tables/older-endpoint.js';
import type { TableType } from '#market/tables/table-type.js';
import type { FailureRecord, TableRecord } from '#store/tables/record.js';
import type { FetchRequest } from './request.js';

/** How long a refusal of a type is believed, hours: plans change. */
const DENIED_HOURS = 6;

export interface TypePlan {
  readonly type: TableType;
  readonly windows: readonly TableWindow[];
  /** Those that are asked for one by one. */
  readonly tickers: readonly string[];
  /** A refusal that is still believed: nothing is asked. */
  readonly denied: string | undefined;
}

export function planType(
  type: TableType,
  record: TableRecord,
  { wish, withoutSlow, weekly, only }: Pick<FetchRequest, 'wish' | 'withoutSlow' | 'weekly' | 'only'>,
  universe: readonly string[],
  now: Date,
): TypePlan {
  const denied = wish.force ? undefined : believed(record.denied, now);
  if (denied !== undefined) return { type, windows: [], tickers: [], denied };
  const isCompared = weekly === true && type.windows.kind === 'dated' && type.windows.weekly === true;
  const isSlow = type.windows.kind === 'tickers';
  const named = [...new Set([...(wish.tickers ?? []), ...(wish.refill ?? [])])];
  const isLeftOut = withoutSlow === true && named.length === 0;
  const over = named.length > 0 ? named : universe;
  const isMeant = (name: string): boolean => only === undefined || only.get(type.name)?.has(name) === true;
  return {
    type,
    windows: planTable(type, knownTo(record, undefined), isCompared ? { ...wish, full: true } : wish).filter(
      ({ name }) => isMeant(name),
    ),
    tickers:
      isSlow && !isLeftOut
        ? over.filter((ticker) => isMeant(ticker) && isDue(type, record, ticker, wish))
        : [],
    denied: undefined,
  };
}

/**
 * What is asked of the older endpoint of a type whose newer one the plan denies. Undefined where there is none,
 * or where that was denied too, and is still believed to be.
 */
export function planOlder(
  type: TableType,
  record: TableRecord,
  { wish, only }: Pick<FetchRequest, 'wish' | 'only'>,
  now: Date,
): readonly TableWindow[] | undefined {
  const { older } = type;
  if (older === undefined) return undefined;
  if (!wish.force && believed(record.olderDenied, now) !== undefined) return undefined;
  const meant = only?.get(type.name);
  return planTable(asOlder(type, older), knownTo(record, older), wish).filter(
    ({ name }) => only === undefined || meant?.has(name) === true,
  );
}

function believed(denied: FailureRecord | undefined, now: Date): string | undefined {
  if (denied === undefined) return undefined;
  const hours = (now.getTime() - Date.parse(denied.at)) / 3_600_000;
  return hours >= 0 && hours < DENIED_HOURS ? denied.error : undefined;
}

function isDue({ windows }: TableType, { tickers }: TableRecord, ticker: string, wish: TableWish): boolean {
  const asked = tickers.get(ticker)?.asked_at.slice(0, 10);
  if (asked === undefined || wish.force || wish.full || wish.refill?.includes(ticker) === true) return true;
  const { everyDays } = windows.kind === 'tickers' ? windows : {};
  return everyDays !== undefined && daysBetween(asked, wish.today) >= everyDays;
}

/** `startBatch`: from 1. */
export function batchesOf(
  tickers: readonly string[],
  { batchSize, startBatch }: Pick<FetchRequest, 'batchSize' | 'startBatch'>,
): readonly (readonly string[])[] {
  return groupsOf(tickers, batchSize).slice(startBatch - 1);
}

/** Requests of a window, about. */
export function requestsOf(
  { windows, pageSize = 100 }: TableType,
  window: TableWindow,
  today: IsoDay,
): number {
  const pages = (rows: number): number => Math.max(1, Math.ceil(rows / pageSize));
  if (window.tickers !== undefined) return pages(window.tickers.length * 100);
  const lists = windows.kind === 'lists' ? windows.lists : windows.kind === 'dated' ? windows.beside : [];
  const list = lists?.find(({ name }) => name === window.name);
  if (list !== undefined) return pages(list.about ?? 1);
  if (windows.kind !== 'dated' || window.range?.from === undefined) return 1;
  const days = daysBetween(window.range.from, earlier(window.range.before, today));
  return pages((windows.aYear * Math.max(1, days)) / 365);
}

function earlier(a: IsoDay | undefined, b: IsoDay): IsoDay {
  return a === undefined || a > b ? b : a;
}
