/**
 * What a price of a past day is multiplied with, as of a day: S for the splits behind it, D for the dividends
 * (CRSP's multiplicative convention, which Yahoo's Adj Close follows too), both exact. A dividend's factor
 * is 1 - cash / the last close before the ex-date, both on the ex-date's share basis. Only events within the
 * span of one owner of the ticker touch its prices.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Actions, AdjustNote, Dividend } from './actions.js';
import { dividedBy, type Fraction, fractionOf, minus, ONE, plus, times } from './fraction.js';
import { cashAfterSplit, type KnownSplit, splitRatio } from './share-basis.js';

/** For prices of days from `from` on, until the next step. */
export interface FactorStep {
  readonly from: IsoDay;
  readonly splits: Fraction;
  readonly dividends: Fraction;
}

export interface Close {
  readonly day: IsoDay;
  /** As traded, decimal text. */
  readonly close: string;
}

/** Days of one owner of a ticker, both included. */
export interface Span {
  readonly start: IsoDay;
  readonly end: IsoDay;
}

export interface FactorFacts {
  /** Ascending. */
  readonly closes: readonly Close[];
  readonly actions: Actions;
  /** Events behind it are not known yet. */
  readonly asOf: IsoDay;
  /** Owners of the ticker, ascending; default: one, for ever. */
  readonly spans?: readonly Span[];
  /** Of the prices; default USD. */
  readonly currency?: string;
  /** Sessions behind the first day and before the second one. */
  readonly sessionsBetween: (after: IsoDay, before: IsoDay) => number;
}

export interface Factors {
  /** Ascending, the first one from the first owner's first day on. */
  readonly steps: readonly FactorStep[];
  readonly notes: readonly AdjustNote[];
}

export const FOR_EVER: Span = { start: '1900-01-01', end: '9999-12-31' };

/** Sessions without a close before an ex-date from which on that is told. */
const MOST_SESSIONS = 5;

export function factorsOf(facts: FactorFacts): Factors {
  const notes: AdjustNote[] = [];
  const splits = knownSplits(facts.actions, notes);
  const steps = (facts.spans ?? [FOR_EVER]).flatMap((span) => stepsOf(span, splits, facts, notes));
  return { steps, notes };
}

function knownSplits({ splits }: Actions, notes: AdjustNote[]): readonly KnownSplit[] {
  return splits.flatMap(({ day, from, to }) => {
    const [old, fresh] = [fractionOf(from), fractionOf(to)];
    if (old !== undefined && fresh !== undefined && old.num > 0n && fresh.num > 0n)
      return [{ day, ratio: dividedBy(old, fresh) }];
    notes.push({ kind: 'split ignored: no ratio', day, from, to });
    return [];
  });
}

function stepsOf(
  span: Span,
  splits: readonly KnownSplit[],
  facts: FactorFacts,
  notes: AdjustNote[],
): readonly FactorStep[] {
  const { actions, asOf } = facts;
  const isHeard = ({ day }: { readonly day: IsoDay }): boolean =>
    day >= span.start && day <= span.end && day <= asOf;
  const heard = splits.filter(isHeard);
  const byDay = new Map<IsoDay, Dividend[]>();
  for (const dividend of actions.dividends.filter(isHeard))
    byDay.set(dividend.day, [...(byDay.get(dividend.day) ?? []), dividend]);
  const days = [...new Set([...byDay.keys(), ...heard.map(({ day }) => day)])].sort();
  const steps: FactorStep[] = [];
  let [soFar, paid] = [ONE, ONE];
  for (const day of days.toReversed()) {
    steps.push({ from: day, splits: soFar, dividends: paid });
    soFar = times(
      soFar,
      splitRatio(heard, (split) => split === day),
    );
    paid = times(paid, dividendFactor(day, byDay.get(day) ?? [], { span, heard, all: splits, facts, notes }));
  }
  steps.push({ from: span.start, splits: soFar, dividends: paid });
  return steps.reverse();
}

interface DividendContext {
  readonly span: Span;
  readonly heard: readonly KnownSplit[];
  readonly all: readonly KnownSplit[];
  readonly facts: FactorFacts;
  readonly notes: AdjustNote[];
}

/** Of all dividends of one ex-date together; 1 where they have none. */
function dividendFactor(
  day: IsoDay,
  dividends: readonly Dividend[],
  { span, heard, all, facts, notes }: DividendContext,
): Fraction {
  const cash = dividends.map((one) => cashOf(one, all, facts, notes)).reduce(plus, ZERO);
  if (cash.num === 0n) return ONE;
  const before = closeBefore(day, span, facts.closes);
  if (before === undefined) {
    notes.push({ kind: 'dividend ignored: no close before', day });
    return ONE;
  }
  const sessions = facts.sessionsBetween(before.day, day);
  if (sessions > MOST_SESSIONS)
    notes.push({ kind: 'close long before the ex-date', day, close: before.day, sessions });
  const close = times(
    before.price,
    splitRatio(heard, (split) => split > before.day && split <= day),
  );
  const factor = minus(ONE, dividedBy(cash, close));
  if (factor.num > 0n) return factor;
  const text = dividends.map((one) => one.cash).join(' + ');
  notes.push({ kind: 'dividend ignored: not below the price', day, cash: text, close: before.close });
  return ONE;
}

const ZERO: Fraction = { num: 0n, den: 1n };

/** On the ex-date's share basis; 0 for what has no factor. */
function cashOf(
  dividend: Dividend,
  splits: readonly KnownSplit[],
  { currency = 'USD' }: FactorFacts,
  notes: AdjustNote[],
): Fraction {
  const { day, cash } = dividend;
  const amount = fractionOf(cash);
  if (amount === undefined) notes.push({ kind: 'dividend ignored: no amount', day, cash });
  if (amount === undefined || amount.num <= 0n) return ZERO;
  if (dividend.currency !== undefined && dividend.currency.toUpperCase() !== currency) {
    notes.push({ kind: 'dividend ignored: other currency', day, currency: dividend.currency });
    return ZERO;
  }
  return cashAfterSplit(amount, dividend, splits);
}

function closeBefore(
  day: IsoDay,
  { start }: Span,
  closes: readonly Close[],
): (Close & { readonly price: Fraction }) | undefined {
  for (let i = firstAtOrBehind(closes, day) - 1; i >= 0; i--) {
    const one = closes[i] as Close;
    if (one.day < start) return undefined;
    const price = fractionOf(one.close);
    if (price !== undefined && price.num > 0n) return { ...one, price };
  }
  return undefined;
}

function firstAtOrBehind(closes: readonly Close[], day: IsoDay): number {
  let low = 0;
  let high = closes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((closes[middle] as Close).day < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The step of a day; before the first owner, and without any event: nothing changes. */
export function stepOn(steps: readonly FactorStep[], day: IsoDay): FactorStep {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as FactorStep).from <= day) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1] ?? { from: FOR_EVER.start, splits: ONE, dividends: ONE };
}
