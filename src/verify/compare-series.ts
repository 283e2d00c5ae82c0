/** A series file beside the archive, row by row. Pure. */
import type { IsoDay } from '../calendar/iso-day.js';
import type { SeriesForm } from '../flatfile/series-form.js';
import type { Row } from '../series/row.js';
import { parseSeries } from '../series/series-file.js';

/** The archive's bar of a ticker on a day; values as in Row. */
export type Bar = Row;

export interface ComparedSeries {
  readonly rows: number;
  /** Why the file cannot be read at all; then nothing else is told. */
  readonly unreadable: string | undefined;
  /** Whether the file is in barloom's own form, and what a rewrite would drop (ParsedSeries). */
  readonly canonical: boolean;
  readonly lost: readonly string[];
  /** Rows of days of the archive that are not the bar of that day, or where there is none. Ascending. */
  readonly wrong: readonly Row[];
  /** Days of the archive with a bar and no row: they may not have been asked for. Ascending. */
  readonly lacking: readonly IsoDay[];
  /** Rows of a lacking day under a date that differs in one character. */
  readonly misdated: readonly { readonly day: IsoDay; readonly of: IsoDay }[];
  /** Rows of days that the archive does not hold, misdated ones left out. */
  readonly users: number;
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
  const nothing = { rows: 0, canonical: false, lost: [], wrong: [], lacking: [], misdated: [], users: 0 };
  const parsed = parseSeries(bytes, form);
  if (!parsed.ok) return { ...nothing, unreadable: parsed.reason };
  const { rows, canonical, lost } = parsed;
  const barOf = new Map(bars.map(({ day, values }) => [day, values]));
  const wrong = rows.filter(({ day, values }) => compared.has(day) && barOf.get(day) !== values);
  const there = new Set(rows.map(({ day }) => day));
  const lackingBars = bars.filter(({ day }) => !there.has(day));
  const others = rows.filter(({ day }) => !compared.has(day) && !passed.has(day));
  const misdated = others.flatMap(({ day, values }) => {
    const of = lackingBars.find((bar) => bar.values === values && oneApart(bar.day, day));
    return of === undefined ? [] : [{ day, of: of.day }];
  });
  return {
    rows: rows.length,
    unreadable: undefined,
    canonical,
    lost,
    wrong,
    lacking: lackingBars.map(({ day }) => day),
    misdated,
    users: others.length - misdated.length,
  };
}

function oneApart(a: IsoDay, b: IsoDay): boolean {
  let apart = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) apart++;
  return apart === 1;
}

const LINE = /^(\d{4}-\d\d-\d\d),(\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?){4})$/;

/** The lines of a file that cannot be read as a whole which, each by itself, are rows of barloom's form. Ascending, each day once. */
export function soundRows(bytes: Uint8Array, isDay: (day: IsoDay) => boolean): readonly Row[] {
  const byDay = new Map<IsoDay, string>();
  for (const line of Buffer.from(bytes).toString('latin1').split(/\r?\n/)) {
    const [, day, values] = LINE.exec(line) ?? [];
    if (day !== undefined && values !== undefined && isDay(day)) byDay.set(day, values);
  }
  return [...byDay].map(([day, values]) => ({ day, values })).sort((a, b) => (a.day < b.day ? -1 : 1));
}
