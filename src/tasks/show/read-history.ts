/**
 * What there is of a ticker to look at: the rows of its series, or else of the archive; of an option contract,
 * its lines among those of its underlying.
 */
import { type Prices, pricesOf } from '#market/bars/bar.js';
import { periodStamps, type StampOf } from '#market/bars/resample.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { BAR_COLUMNS, isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import { parseOcc } from '#market/tickers/occ.js';
import { seriesOfTicker } from '#market/tickers/of-dataset.js';
import type { Row } from '#store/series/row.js';
import { linesOf } from '#tasks/export/lines.js';
import { type DamagedDay, type ReadContext, readArchive, readSeries } from '#tasks/history/history.js';

export interface History {
  readonly readFrom: 'series' | 'archive';
  readonly rows: readonly Row[];
  readonly damaged: readonly DamagedDay[];
  /** Where there is a series that cannot be read. */
  readonly unreadable?: { readonly file: string; readonly reason: string };
}

/** A dataset whose files hold all contracts on an underlying, as one of a contract's own bars. */
export function asContracts(dataset: Dataset): Dataset {
  return { ...dataset, series: { ...dataset.series, of: 'ticker' } };
}

export function isContract(ticker: string): boolean {
  return parseOcc(ticker) !== undefined;
}

/**
 * `readContext`: of the folder's own dataset. Undefined for what neither series nor archive know. Throws the
 * disk's error.
 */
export function readHistory(readContext: ReadContext, ticker: string): History | undefined {
  const { dataset } = readContext;
  const ofContract = dataset.series.of === 'underlying';
  const series = readSeries(readContext, ofContract ? seriesOfTicker(ticker, dataset.series) : ticker);
  if (series.state === 'unreadable') return { readFrom: 'series', rows: [], damaged: [], unreadable: series };
  if (series.state === 'read') {
    const rows = ofContract ? contractRows(series.rows, dataset, ticker) : [...series.rows];
    if (rows.length > 0 || !ofContract) return { readFrom: 'series', rows, damaged: [] };
  }
  const contracts = ofContract ? { ...readContext, dataset: asContracts(dataset) } : readContext;
  const archived = readArchive(contracts, [ticker]);
  const rows = archived.rows.get(ticker) ?? [];
  if (rows.length === 0 && archived.damaged.length === 0) return undefined;
  return { readFrom: 'archive', rows, damaged: archived.damaged };
}

/** How many cells of a line say which contract it is of, behind its day or moment. */
const CONTRACT_CELLS = 4;

function contractRows(
  all: Iterable<Row>,
  { series: { prefix, time } }: Dataset,
  ticker: string,
): readonly Row[] {
  const name = `,${ticker.slice(prefix.length)},`;
  const rows: Row[] = [];
  for (const { day, values } of all) {
    if (!values.includes(name)) continue;
    const lines = values.split('\n').flatMap((line) => {
      const cells = line.split(',');
      if (`,${cells[1]},` !== name) return [];
      const bar = cells.slice(1 + CONTRACT_CELLS);
      return [(time === 'day' ? bar : [cells[0], ...bar]).join(',')];
    });
    if (lines.length > 0) rows.push({ day, values: lines.join('\n') });
  }
  return rows;
}

/** A bar a day, whatever the rows have. */
export function dayRows(rows: readonly Row[], form: SeriesForm): readonly Row[] {
  if (isLineADay(form)) return rows;
  const lines = linesOf(onlyBars(form, rows), { form, stampOf: periodStamps('day') }, () => undefined);
  return Array.from(lines, ({ stamp, values }) => ({ day: stamp, values }));
}

/** Of lines that are bars with more columns behind them, as those of futures: the bars. */
function onlyBars(form: SeriesForm, rows: readonly Row[]): readonly Row[] {
  if (form.values === 'bar') return rows;
  const cut = (line: string): string =>
    line
      .split(',')
      .slice(0, 1 + BAR_COLUMNS)
      .join(',');
  return rows.map(({ day, values: lines }) => ({ day, values: lines.split('\n').map(cut).join('\n') }));
}

export interface MomentBar extends Prices {
  /** A local date-time with its offset. */
  readonly time: string;
}

export interface MomentRequest {
  readonly rows: readonly Row[];
  readonly form: SeriesForm;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  /** How wide; undefined: as they are. */
  readonly stampOf: StampOf | undefined;
  /** Undefined: the dataset's own. */
  readonly zone: string | undefined;
  readonly most: number;
}

/** The last bars of the range with their times, ascending. What is no bar is none of them. */
export function lastMoments({ rows, form, range, stampOf, zone, most }: MomentRequest): readonly MomentBar[] {
  const inRange = rows.filter(({ day }) => day >= range.start && day <= range.end);
  const last: MomentBar[] = [];
  const wording = { form: { ...form, values: 'bar' as const }, stampOf, zone };
  for (const { stamp, values } of linesOf(onlyBars(form, inRange), wording, () => undefined)) {
    const prices = pricesOf(values);
    if (prices === undefined) continue;
    last.push({ time: stamp, ...prices });
    if (last.length > most) last.shift();
  }
  return last;
}
