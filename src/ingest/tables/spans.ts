/** The calendar years or months of a table, oldest first: an open one before the first, an open one at the end. */
import { addDays, type IsoDay, monthsBetween } from '#market/calendar/iso-day.js';
import type { DatedWindows } from '#market/tables/table-type.js';

export interface Span {
  readonly name: string;
  readonly from?: IsoDay;
  /** Undefined: open, and never done. */
  readonly before?: IsoDay;
}

export function spansOf(
  { span, first }: Pick<DatedWindows, 'span' | 'first'>,
  today: IsoDay,
): readonly Span[] {
  const names =
    span === 'month'
      ? monthsBetween(first, today)
      : Array.from(
          { length: Math.max(0, Number(today.slice(0, 4)) - Number(first.slice(0, 4)) + 1) },
          (_, i) => String(Number(first.slice(0, 4)) + i),
        );
  const spans: Span[] = [{ name: `before ${names[0] ?? ''}`, before: first }];
  for (const [i, name] of names.entries()) {
    const from = firstDayOf(name);
    const next = names[i + 1];
    spans.push({ name, from, ...(next === undefined ? {} : { before: firstDayOf(next) }) });
  }
  return spans;
}

function firstDayOf(name: string): IsoDay {
  return name.length === 4 ? `${name}-01-01` : `${name}-01`;
}

/** Of the days that both have, the end open or not; undefined where there is none. */
export function clipped(span: Span, start: IsoDay | undefined, end: IsoDay | undefined): Span | undefined {
  const after = end === undefined ? undefined : addDays(end, 1);
  const from = latest(span.from, start);
  const before = earliest(span.before, after);
  if (from !== undefined && before !== undefined && from >= before) return undefined;
  return {
    name: span.name,
    ...(from === undefined ? {} : { from }),
    ...(before === undefined ? {} : { before }),
  };
}

function latest(a: IsoDay | undefined, b: IsoDay | undefined): IsoDay | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function earliest(a: IsoDay | undefined, b: IsoDay | undefined): IsoDay | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
