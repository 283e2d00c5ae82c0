/**
 * Tickers' rows adjusted for splits, or for splits and dividends, out of their own closes and the tables. A
 * row that is no bar (the user's `NaN`) keeps what is no number in it.
 */
import type { Actions, AdjustNote } from '#market/adjust/actions.js';
import { NO_ACTIONS } from '#market/adjust/actions.js';
import { type BarFactors, barFactors } from '#market/adjust/adjusted-bar.js';
import {
  type Close,
  type FactorStep,
  type Factors,
  FOR_EVER,
  factorsOf,
  type Span,
  stepOn,
} from '#market/adjust/factors.js';
import { vendorDifferences } from '#market/adjust/vendor-check.js';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import type { SessionCalendar } from '#market/calendar/sessions.js';
import type { Ownership } from '#market/tickers/owners.js';
import type { Row } from '#store/series/row.js';

export interface AdjustFacts {
  /** Ascending; the whole history. */
  readonly rows: readonly Row[];
  readonly actions: Actions | undefined;
  readonly owners: readonly Ownership[];
  readonly asOf: IsoDay;
  readonly calendar: SessionCalendar;
  /** Whether the factors are of the day on which the vendor told its own. */
  readonly isNow: boolean;
}

export interface AdjustedRows {
  /** Those of the day of `asOf` and before it. */
  readonly rows: readonly Row[];
  readonly notes: readonly AdjustNote[];
}

/** `values`: what becomes of a row's. */
export function adjustedRows(
  { rows, actions = NO_ACTIONS, owners, asOf, calendar, isNow }: AdjustFacts,
  values: (text: string, factors: BarFactors) => string,
): AdjustedRows {
  const known =
    rows.at(-1) !== undefined && (rows.at(-1) as Row).day > asOf
      ? rows.filter(({ day }) => day <= asOf)
      : rows;
  const { steps, notes } = factorSteps({
    closes: isNothing(actions) ? [] : known.map(closeOf),
    actions,
    owners,
    asOf,
    calendar,
  });
  const first = known[0]?.day;
  const differences = isNow && first !== undefined ? vendorDifferences(actions, steps, { first, asOf }) : [];
  return { rows: withFactors(known, steps, values), notes: [...notes, ...differences] };
}

/** The factors of a ticker whose owners are known as far as the tables tell. */
export function factorSteps({
  closes,
  actions = NO_ACTIONS,
  owners,
  asOf,
  calendar,
}: Pick<AdjustFacts, 'actions' | 'owners' | 'asOf' | 'calendar'> & {
  readonly closes: readonly Close[];
}): Factors {
  return factorsOf({
    closes,
    actions,
    asOf,
    spans: spansOf(owners),
    sessionsBetween: (after, before) => calendar.sessions(addDays(after, 1), addDays(before, -1)).length,
  });
}

/** Then no close is looked at. */
function isNothing({ splits, dividends }: Actions): boolean {
  return splits.length === 0 && dividends.length === 0;
}

/** The fourth of a row's values. */
function closeOf({ day, values }: Row): Close {
  let at = 0;
  for (let before = 0; before < 3; before++) {
    at = values.indexOf(',', at) + 1;
    if (at === 0) return { day, close: '' };
  }
  const end = values.indexOf(',', at);
  return { day, close: end === -1 ? values.slice(at) : values.slice(at, end) };
}

function withFactors(
  rows: readonly Row[],
  steps: readonly FactorStep[],
  values: (text: string, factors: BarFactors) => string,
): readonly Row[] {
  let step: FactorStep | undefined;
  let until = '';
  let factors: BarFactors | undefined;
  return rows.map((row) => {
    if (factors === undefined || row.day >= until) {
      step = stepOn(steps, row.day);
      until = steps.find(({ from }) => from > row.day)?.from ?? FOR_EVER.end;
      factors = barFactors(step);
    }
    return { day: row.day, values: values(row.values, factors) };
  });
}

/**
 * All days, cut where one owner ends: days between two are the later one's, for the day of a change is told
 * differently. One span where there is one owner, or nothing is known.
 */
function spansOf(owners: readonly Ownership[]): readonly Span[] {
  if (owners.length < 2) return [FOR_EVER];
  let start = FOR_EVER.start;
  return owners.map(({ end = FOR_EVER.end }) => {
    const span = { start, end };
    if (end !== FOR_EVER.end) start = addDays(end, 1);
    return span;
  });
}
