/**
 * Who had a ticker when. A company is known by its FIGI (or CIK) and not by its ticker, which it may change
 * and another may get. Renames come as events of a company, ends of others from the list of the delisted;
 * where nothing says when an owner began, it did so when the one before it ended. Pure.
 */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';

/** A line of the vendor's list of tickers, of the listed or the delisted. */
export interface ListedTicker {
  readonly ticker: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly figi: string | undefined;
  readonly cik: string | undefined;
  /** Undefined while it is listed. */
  readonly delisted: IsoDay | undefined;
}

/** From that day on, the company had this ticker. */
export interface TickerChange {
  readonly figi: string | undefined;
  readonly cik: string | undefined;
  readonly name: string;
  readonly day: IsoDay;
  readonly ticker: string;
}

/** A ticker in one company's hands, both days included; undefined: from ever, or still. */
export interface Ownership {
  readonly ticker: string;
  readonly company: string;
  readonly name: string;
  readonly start: IsoDay | undefined;
  readonly end: IsoDay | undefined;
  /** What the company was called before and behind it. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly type: string | undefined;
}

/** Every owner of the ticker, the first one first. `changes`: of every company that ever had it, all of them. */
export function ownersOf(
  ticker: string,
  listed: readonly ListedTicker[],
  changes: readonly TickerChange[],
): readonly Ownership[] {
  const lines = listed.filter((one) => one.ticker === ticker);
  const renamed = chainsOf(changes).flatMap((chain) =>
    spansOf(chain, lines).filter((one) => one.ticker === ticker),
  );
  const known = new Set(renamed.map(({ company }) => company));
  const others = lines
    .filter((line) => !known.has(companyOf(line)))
    .map((line): Ownership => {
      const { name, type, delisted } = line;
      const end = delisted === undefined ? undefined : addDays(delisted, -1);
      return {
        ticker,
        company: companyOf(line),
        name,
        type,
        start: undefined,
        end,
        before: undefined,
        after: undefined,
      };
    });
  return oneAfterTheOther([...renamed, ...others]);
}

/** The names of the company that has this ownership, the first one first. */
export function namesOf(
  { company }: Pick<Ownership, 'company'>,
  changes: readonly TickerChange[],
): readonly Ownership[] {
  const chain = chainsOf(changes).find((one) => companyOf(one[0] as TickerChange) === company);
  return chain === undefined ? [] : spansOf(chain, []);
}

/** What a company is known by. */
export function companyOf({ figi, cik, name }: Pick<TickerChange, 'figi' | 'cik' | 'name'>): string {
  return figi ?? (cik === undefined ? `name ${name}` : `cik ${cik}`);
}

/** By company, ascending, each change once. */
function chainsOf(changes: readonly TickerChange[]): readonly (readonly TickerChange[])[] {
  const chains = new Map<string, Map<string, TickerChange>>();
  for (const change of changes) {
    const chain = chains.get(companyOf(change)) ?? new Map<string, TickerChange>();
    chain.set(`${change.day} ${change.ticker}`, change);
    chains.set(companyOf(change), chain);
  }
  return [...chains.values()].map((chain) =>
    [...chain.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)),
  );
}

function spansOf(chain: readonly TickerChange[], listed: readonly ListedTicker[]): readonly Ownership[] {
  return chain.map((change, i) => {
    const next = chain[i + 1];
    const line = listed.find((one) => companyOf(one) === companyOf(change) && one.ticker === change.ticker);
    const end = next?.day ?? line?.delisted;
    return {
      ticker: change.ticker,
      company: companyOf(change),
      name: line?.name ?? change.name,
      start: change.day,
      end: end === undefined ? undefined : addDays(end, -1),
      before: chain[i - 1]?.ticker,
      after: next?.ticker,
      type: line?.type,
    };
  });
}

/** No day has two owners: one ends where the next one begins at the latest. */
function oneAfterTheOther(owners: readonly Ownership[]): readonly Ownership[] {
  const sorted = owners.toSorted((a, b) => compareEnds(a, b));
  const spans: Ownership[] = [];
  for (const owner of sorted) {
    const last = spans.at(-1);
    if (last === undefined) {
      spans.push(owner);
      continue;
    }
    const start = owner.start ?? (last.end === undefined ? undefined : addDays(last.end, 1));
    if (start !== undefined && (last.end === undefined || last.end >= start))
      spans[spans.length - 1] = { ...last, end: addDays(start, -1) };
    spans.push({ ...owner, start });
  }
  return spans;
}

const STILL = '9999-12-31';

function compareEnds(a: Ownership, b: Ownership): number {
  const [one, other] = [a.end ?? STILL, b.end ?? STILL];
  if (one !== other) return one < other ? -1 : 1;
  const [from, to] = [a.start ?? '', b.start ?? ''];
  return from < to ? -1 : from > to ? 1 : 0;
}

/**
 * The first session under a new name, where the vendor's samples disagree by days: the first day near the
 * change on which the new ticker has a bar and from which on the old one has none. `day` itself where the
 * bars do not tell.
 */
export function firstDayUnder(day: IsoDay, oldDays: readonly IsoDay[], newDays: readonly IsoDay[]): IsoDay {
  const [from, to] = [addDays(day, -NEAR_DAYS), addDays(day, NEAR_DAYS)];
  const lastOld = oldDays.findLast((one) => one >= from && one <= to);
  const first = newDays.find((one) => one >= from && one <= to && (lastOld === undefined || one > lastOld));
  return first ?? day;
}

const NEAR_DAYS = 7;
