/** A series file beside the archive, row by row. Pure. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import {
  dayBars,
  isBarADay,
  isLineADay,
  type SeriesForm,
  seriesColumns,
} from '#market/datasets/series-form.js';
import { isCutRow, isUnended } from '#store/series/cut-row.js';
import { newLineDays } from '#store/series/line-days.js';
import { lineShapeOf } from '#store/series/line-shape.js';
import type { Row } from '#store/series/row.js';
import { type Seam, seamsOf } from '#store/series/seams.js';
import { parseSeries } from '#store/series/series-file.js';

/** The archive's bar of a ticker on a day; values as in Row. */
export type Bar = Row;

export interface ComparedSeries {
  readonly rows: number;
  /** Why the file cannot be read at all; then nothing else is reported. */
  readonly unreadable: string | undefined;
  /** Whether the file is in barloom's own form, and what a rewrite would drop (ParsedSeries). */
  readonly canonical: boolean;
  readonly lost: readonly string[];
  /** Rows of days of the archive that are not the bar of that day, or where there is none. Ascending. */
  readonly wrong: readonly Row[];
  /** Of these the days on which the archive has no bar. */
  readonly barless: ReadonlySet<IsoDay>;
  /** Of these the day whose row the file breaks off in, where it does. */
  readonly cut: IsoDay | undefined;
  /** Days of the archive with a bar and no row: they may not have been asked for. Ascending. */
  readonly missing: readonly IsoDay[];
  /** Rows of a missing day under a date that differs in one character. */
  readonly misdated: readonly { readonly day: IsoDay; readonly of: IsoDay }[];
  /** Rows of days that the archive does not hold, misdated ones left out. */
  readonly users: number;
  readonly seams: readonly Seam[];
}

export interface CompareDays {
  /** The days to compare. */
  readonly compared: ReadonlySet<IsoDay>;
  /** Days that the archive holds and that are not compared: rows of them are nobody's concern here. */
  readonly passed: ReadonlySet<IsoDay>;
}

/** `bars`: of the days to compare, ascending. */
export function compareSeries(
  bytes: Uint8Array,
  bars: readonly Bar[],
  { compared, passed }: CompareDays,
  form: SeriesForm,
): ComparedSeries {
  const nothing = {
    rows: 0,
    canonical: false,
    lost: [],
    wrong: [],
    barless: new Set<IsoDay>(),
    cut: undefined,
    missing: [],
    misdated: [],
    users: 0,
    seams: [],
  };
  const parsed = parseSeries(bytes, form);
  if (!parsed.ok) return { ...nothing, unreadable: parsed.reason };
  const { rows, canonical, lost } = parsed;
  // Lines of a day that lack behind the last one that is there are cut off, too.
  const unended = isUnended(bytes) || !isLineADay(form);
  const barOf = new Map(bars.map(({ day, values }) => [day, values]));
  const unlike = rows.filter(({ day, values }) => compared.has(day) && barOf.get(day) !== values);
  const there = new Set(rows.map(({ day }) => day));
  const missingBars = bars.filter(({ day }) => !there.has(day));
  const others = rows.filter(({ day }) => !compared.has(day) && !passed.has(day));
  const barless = unlike.filter(({ day }) => !barOf.has(day));
  const misdated = [...others, ...barless].flatMap(({ day, values }) => {
    const of = missingBars.find((bar) => bar.values === values && oneApart(bar.day, day));
    return of === undefined ? [] : [{ day, of: of.day }];
  });
  const moved = new Set(misdated.map(({ day }) => day));
  const wrong = unlike.filter(({ day }) => !moved.has(day));
  return {
    rows: rows.length,
    unreadable: undefined,
    canonical,
    lost,
    wrong,
    barless: new Set(barless.map(({ day }) => day)),
    cut: wrong.find(({ day }) => isCutRow({ rows, unended }, day, barOf.get(day)))?.day,
    missing: missingBars.map(({ day }) => day),
    misdated,
    users: others.filter(({ day }) => !moved.has(day)).length,
    seams: isBarADay(form) ? seamsOf(rows, (day) => compared.has(day) || passed.has(day)) : [],
  };
}

function oneApart(a: IsoDay, b: IsoDay): boolean {
  let apart = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) apart++;
  return apart === 1;
}

const LINE = /^(\d{4}-\d\d-\d\d),(\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?){4})$/;

/**
 * The lines of a file that cannot be read as a whole which, each by itself, are in barloom's form, as rows.
 * Ascending, each day once: of several rows of a day the last, where a day is one line.
 */
export function soundRows(
  bytes: Uint8Array,
  isDay: (day: IsoDay) => boolean,
  form: SeriesForm = dayBars,
): readonly Row[] {
  const lines = Buffer.from(bytes).toString('latin1').split(/\r?\n/);
  const rows = isLineADay(form) ? soundLines(lines, isDay) : soundBlocks(lines, isDay, form);
  return rows.toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

function soundLines(lines: readonly string[], isDay: (day: IsoDay) => boolean): readonly Row[] {
  const byDay = new Map<IsoDay, string>();
  for (const line of lines) {
    const [, day, values] = LINE.exec(line) ?? [];
    if (day !== undefined && values !== undefined && isDay(day)) byDay.set(day, values);
  }
  return [...byDay].map(([day, values]) => ({ day, values }));
}

/** Of days of many lines: a day without those that are not sound. */
function soundBlocks(
  lines: readonly string[],
  isDay: (day: IsoDay) => boolean,
  form: SeriesForm,
): readonly Row[] {
  const columns = seriesColumns(form);
  const dayAt = newLineDays(lineShapeOf(form));
  const parsed = (some: readonly string[]) =>
    parseSeries(Buffer.from(`${[columns.join(','), ...some].join('\n')}\n`, 'latin1'), form);
  const byDay = new Map<IsoDay, string[]>();
  const linesOf = (day: IsoDay): string[] => {
    const some = byDay.get(day) ?? [];
    byDay.set(day, some);
    return some;
  };
  for (const line of lines) {
    const day = dayAt(Buffer.from(line, 'latin1'), 0);
    if (!isDay(day) || fieldsIn(line) !== columns.length) continue;
    const one = parsed([line]);
    if (one.ok && one.canonical) linesOf(day).push(line);
  }
  return [...byDay.values()].flatMap((some) => {
    const day = parsed(some);
    return day.ok ? day.rows : [];
  });
}

/** -1 for a line that ends within quotes. */
function fieldsIn(line: string): number {
  let fields = 1;
  let isOpen = false;
  for (const sign of line) {
    if (sign === '"') isOpen = !isOpen;
    else if (sign === ',' && !isOpen) fields++;
  }
  return isOpen ? -1 : fields;
}
