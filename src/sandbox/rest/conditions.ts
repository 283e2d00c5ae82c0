/**
 * The filters of a query: `field`, `field.gt|gte|lt|lte`, `field.any_of` and, on arrays, `field.all_of`.
 * What names no column is ignored without a word, as the vendor does.
 */
import { isIsoDay } from '#market/calendar/iso-day.js';
import { numberOfDay } from '#sandbox/market/day-number.js';
import { QueryError } from './query-error.js';
import type { Column, DayWindow } from './table.js';

const MS_PER_DAY = 86_400_000;
const OPERATORS = ['eq', 'gt', 'gte', 'lt', 'lte', 'any_of', 'all_of'] as const;
type Operator = (typeof OPERATORS)[number];
export const EVER: DayWindow = { from: -1e6, to: 1e6 };

export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  /** Texts, or numbers of days, ms or as they are: as the column's kind is. */
  readonly values: readonly (string | number)[];
}

export function conditionsOf<R>(
  parameters: URLSearchParams,
  columns: Readonly<Record<string, Column<R>>>,
): readonly Condition[] {
  const conditions: Condition[] = [];
  for (const [name, value] of parameters) {
    const [, field = name, suffix = 'eq'] = /^(.*)\.(\w+)$/.exec(name) ?? [];
    const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
    const operator = OPERATORS.find((one) => one === suffix);
    if (column === undefined || operator === undefined || value === '') continue;
    const texts = operator === 'any_of' || operator === 'all_of' ? value.split(',') : [value];
    const values = texts.map((text) => conditionValue(field, column.kind, text));
    conditions.push({ column: field, operator, values });
  }
  return conditions;
}

function conditionValue(field: string, kind: Column<never>['kind'], text: string): string | number {
  if (kind === 'text' || kind === 'list') return text;
  const value =
    kind === 'number' ? Number(text) : kind === 'day' ? dayValue(text) : Date.parse(instantText(text));
  if (Number.isNaN(value)) throw new QueryError(`Invalid value ${JSON.stringify(text)} for ${field}.`);
  return value;
}

function dayValue(text: string): number {
  return isIsoDay(text) ? numberOfDay(text) : Number.NaN;
}

/** A day means its midnight, in UTC. */
function instantText(text: string): string {
  return isIsoDay(text) ? `${text}T00:00:00Z` : text;
}

export function meets<R>(column: Column<R>, row: R, { operator, values }: Condition): boolean {
  if (column.kind === 'list') {
    const list = column.of(row);
    if (operator === 'all_of') return values.every((value) => list.includes(String(value)));
    return values.some((value) => list.includes(String(value)));
  }
  const own = column.of(row);
  if (own === undefined) return false;
  const [first = ''] = values;
  switch (operator) {
    case 'gt':
      return own > first;
    case 'gte':
      return own >= first;
    case 'lt':
      return own < first;
    case 'lte':
      return own <= first;
    default:
      return values.includes(own);
  }
}

/** The days that conditions on one column leave; what they do not say is open. */
export function windowOf(
  conditions: readonly Condition[],
  column: string,
  kind: 'day' | 'instant',
): DayWindow {
  let { from, to } = EVER;
  for (const { column: name, operator, values } of conditions) {
    const days = values.map((value) =>
      kind === 'day' ? Number(value) : Math.floor(Number(value) / MS_PER_DAY),
    );
    if (name !== column || operator === 'all_of') continue;
    if (operator !== 'lt' && operator !== 'lte') from = Math.max(from, Math.min(...days));
    if (operator !== 'gt' && operator !== 'gte') to = Math.min(to, Math.max(...days));
  }
  return { from, to };
}

/** The texts that one column has to be one of; undefined where that is open. */
export function namesOf(conditions: readonly Condition[], column: string): readonly string[] | undefined {
  const named = conditions.find(
    (one) => one.column === column && ['eq', 'any_of', 'all_of'].includes(one.operator),
  );
  return named?.values.map(String);
}
