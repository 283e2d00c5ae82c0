/**
 * Which windows of a table are to be fetched, from what is recorded of it and what is wished for. Pure.
 *
 * | window | recorded | fetched |
 * | --- | --- | --- |
 * | a year or month | not at all | whole, its first load |
 * | a year or month | loaded | by `force`, and by `full` where the type is compared so far back |
 * | the newest records | looked at before | from some days before the last look on |
 * | a list | younger than its interval | no |
 * | a list | older, or not at all | yes |
 * | named tickers | asked for before | as the newest records are; whole by `force` and `refill` |
 */
import { addDays, daysBetween, type IsoDay } from '#market/calendar/iso-day.js';
import type { DatedWindows, ListWindow, TableType } from '#market/tables/table-type.js';
import type { TickerRecord, WindowRecord } from '#store/tables/record.js';
import { clipped, type Span, spansOf } from './spans.js';
import type { TableWindow, WindowRange } from './window.js';

export interface TableWish {
  readonly today: IsoDay;
  /** Only records of these days; undefined: open. */
  readonly start?: IsoDay | undefined;
  readonly end?: IsoDay | undefined;
  /** Only these tickers' records. */
  readonly tickers?: readonly string[] | undefined;
  /** Tickers whose whole history is asked for again. */
  readonly refill?: readonly string[] | undefined;
  readonly force: boolean;
  /** The full comparison: what is gone is found. */
  readonly full: boolean;
  /** Names in one request at most. */
  readonly groupSize: number;
}

export interface KnownTable {
  readonly lookedAt: IsoDay | undefined;
  readonly windows: ReadonlyMap<string, WindowRecord>;
  readonly tickers: ReadonlyMap<string, TickerRecord>;
}

/** Newest first: what the plan's edge denies is met early. Types that go ticker by ticker have none here. */
export function planTable(type: TableType, known: KnownTable, wish: TableWish): readonly TableWindow[] {
  const { windows, byTicker } = type;
  if (windows.kind === 'tickers') return [];
  const named = [...new Set([...(wish.tickers ?? []), ...(wish.refill ?? [])])];
  if (named.length > 0 && byTicker !== undefined) return namedTickers(type, named, known, wish);
  if (windows.kind === 'lists')
    return windows.lists
      .filter((list) => isDue(list, known, wish))
      .map((list) => listWindow(list, wish.today));
  return [...dated(windows, known, wish), ...besides(windows, known, wish)];
}

/** The day that an update begins at; undefined before the first look. */
export function updateFrom(
  { back }: DatedWindows,
  { lookedAt }: Pick<KnownTable, 'lookedAt'>,
): IsoDay | undefined {
  return lookedAt === undefined ? undefined : addDays(lookedAt, -back);
}

function dated(windows: DatedWindows, known: KnownTable, wish: TableWish): readonly TableWindow[] {
  const { column } = windows;
  const from = updateFrom(windows, known);
  const comparedFrom = comparedFirst(windows, wish);
  const planned: TableWindow[] = [];
  const covers: string[] = [];
  let isNewestWhole = false;
  for (const span of spansOf(windows, wish.today).toReversed()) {
    const wanted = clipped(span, wish.start, wish.end);
    if (wanted === undefined) continue;
    const isWhole = wanted.from === span.from && wanted.before === span.before;
    const again = wish.force || (wish.full && (span.before ?? '9') > comparedFrom);
    const isCovered = from !== undefined && span.from !== undefined && span.from >= from;
    if (isCovered && !known.windows.has(span.name)) covers.push(span.name);
    if (!again && (known.windows.has(span.name) || isCovered)) continue;
    if (isWhole && span.before === undefined) isNewestWhole = true;
    planned.push(rangeWindow(wanted, column, isWhole));
  }
  const isWished = wish.end === undefined && (wish.start === undefined || wish.start <= wish.today);
  if (from !== undefined && !isNewestWhole && isWished)
    planned.unshift({ ...asked({ column, from }), name: 'newest', records: 'update', covers });
  return planned;
}

/** A full comparison begins at this day; what is older stays as it is. */
function comparedFirst({ comparedYears }: DatedWindows, { today }: TableWish): IsoDay | '' {
  return comparedYears === undefined ? '' : `${Number(today.slice(0, 4)) - comparedYears + 1}-01-01`;
}

function rangeWindow({ name, from, before }: Span, column: string, isWhole: boolean): TableWindow {
  const range = {
    column,
    ...(from === undefined ? {} : { from }),
    ...(before === undefined ? {} : { before }),
  };
  return {
    ...asked(range),
    name: isWhole ? name : `${from ?? ''}..${before ?? ''}`,
    records: isWhole ? 'whole' : 'part',
    // A part of a span is all of that part, too.
    holdsAll: conditionOf(range),
  };
}

function asked(range: WindowRange): Pick<TableWindow, 'query' | 'range'> {
  const { column, from, before } = range;
  return {
    query: {
      ...(from === undefined ? {} : { [`${column}.gte`]: from }),
      ...(before === undefined ? {} : { [`${column}.lt`]: before }),
    },
    range,
  };
}

/** Of SQL: the rows that a range holds. */
export function conditionOf({ column, from, before }: WindowRange): string {
  const day = `"${column}"::DATE`;
  return [
    ...(from === undefined ? [] : [`${day} >= DATE '${from}'`]),
    ...(before === undefined ? [] : [`${day} < DATE '${before}'`]),
  ].join(' AND ');
}

/** Lists beside a range, for records that lie in none; not where a wish ends before today. */
function besides({ beside = [] }: DatedWindows, known: KnownTable, wish: TableWish): readonly TableWindow[] {
  if (wish.end !== undefined) return [];
  return beside.filter((list) => isDue(list, known, wish)).map((list) => listWindow(list, wish.today));
}

function isDue({ name, everyDays }: ListWindow, { windows }: KnownTable, wish: TableWish): boolean {
  const loaded = windows.get(name)?.loaded_at.slice(0, 10);
  return wish.force || wish.full || loaded === undefined || daysBetween(loaded, wish.today) >= everyDays;
}

function listWindow({ name, query, holdsAll, since }: ListWindow, today: IsoDay): TableWindow {
  const day = since === undefined ? undefined : addDays(today, since.days);
  return {
    name,
    query: since === undefined || day === undefined ? query : { ...query, [since.parameter]: day },
    records: 'list',
    ...(since === undefined || day === undefined
      ? {}
      : { range: { column: since.parameter.replace(/\.gte$/, ''), from: day } }),
    ...(holdsAll === undefined ? {} : { holdsAll }),
  };
}

function namedTickers(
  type: TableType,
  named: readonly string[],
  known: KnownTable,
  wish: TableWish,
): readonly TableWindow[] {
  const { windows, byTicker } = type;
  if (byTicker === undefined) return [];
  const refilled = new Set(wish.refill ?? []);
  const isWhole = (ticker: string): boolean =>
    wish.force || wish.full || refilled.has(ticker) || !known.tickers.has(ticker);
  const size = Math.min(byTicker.group, wish.groupSize);
  const groups = [
    ...groupsOf(named.filter(isWhole), size).map((tickers) => ({ tickers, from: wish.start })),
    ...groupsOf(
      named.filter((ticker) => !isWhole(ticker)),
      size,
    ).map((tickers) => ({
      tickers,
      from: wish.start ?? (windows.kind === 'dated' ? sinceAsked(tickers, known, windows) : undefined),
    })),
  ];
  const before = wish.end === undefined ? undefined : addDays(wish.end, 1);
  return groups.map(({ tickers, from }) => {
    const range =
      windows.kind === 'dated' && (from !== undefined || before !== undefined)
        ? asked({
            column: windows.column,
            ...(from === undefined ? {} : { from }),
            ...(before === undefined ? {} : { before }),
          })
        : { query: {} };
    const [first = '', ...others] = tickers;
    return {
      ...range,
      query: { [byTicker.parameter]: tickers.join(','), ...range.query },
      name: others.length === 0 ? first : `${first} +${others.length}`,
      tickers,
      records: wish.start === undefined && wish.end === undefined ? 'tickers' : 'part',
    };
  });
}

/** Some days before the oldest look at any of them. */
function sinceAsked(
  tickers: readonly string[],
  known: KnownTable,
  { back }: DatedWindows,
): IsoDay | undefined {
  const days = tickers.flatMap((ticker) => known.tickers.get(ticker)?.asked_at.slice(0, 10) ?? []);
  const oldest = days.sort()[0];
  return oldest === undefined ? undefined : addDays(oldest, -back);
}

/** In the order they were named in. */
export function groupsOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
