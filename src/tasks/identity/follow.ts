/**
 * A company's history over its names: each name's rows on the days on which it was the company's, joined at
 * the session on which the new name first has a bar and the old one no more. Splits and dividends go with it.
 */
import type { Actions } from '#market/adjust/actions.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { firstDayUnder, type Ownership } from '#market/tickers/owners.js';
import type { Row } from '#store/series/row.js';

/** Of the ticker's last owner, the first name first; `rowsOf`: a name's whole history, ascending. */
export function followedRows(
  names: readonly Ownership[],
  rowsOf: (ticker: string) => readonly Row[],
): readonly Row[] {
  const all = names.map(({ ticker }) => rowsOf(ticker));
  const days = all.map((rows) => rows.map(({ day }) => day));
  const starts = names.map(({ start }, i) =>
    i === 0 || start === undefined ? '' : firstDayUnder(start, days[i - 1] ?? [], days[i] ?? []),
  );
  const end = names.at(-1)?.end ?? '9999-12-31';
  return all.flatMap((rows, i) => {
    const [from = '', next = '9999-12-31'] = [starts[i], starts[i + 1]];
    return rows.filter(({ day }) => day >= from && day < next && day <= end);
  });
}

/**
 * What happened to the company: under each name on its days, and under the name of today on any day on which
 * nobody else had it, for a list may call all of a company's past by that.
 */
export function followedActions(
  names: readonly Ownership[],
  others: readonly Ownership[],
  actionsOf: (ticker: string) => Actions | undefined,
): Actions {
  const isOthers = (day: IsoDay): boolean =>
    others.some((one) => one.company !== names[0]?.company && isWithin(one, day));
  const today = names.at(-1);
  const counts =
    (ticker: string) =>
    ({ day }: { readonly day: IsoDay }): boolean =>
      names.some((name) => name.ticker === ticker && isWithin(name, day)) ||
      (ticker === today?.ticker && !isOthers(day));
  const tickers = [...new Set(names.map(({ ticker }) => ticker))];
  return {
    splits: tickers.flatMap((ticker) => (actionsOf(ticker)?.splits ?? []).filter(counts(ticker))),
    dividends: tickers.flatMap((ticker) => (actionsOf(ticker)?.dividends ?? []).filter(counts(ticker))),
  };
}

function isWithin({ start, end }: Ownership, day: IsoDay): boolean {
  return (start === undefined || day >= start) && (end === undefined || day <= end);
}
