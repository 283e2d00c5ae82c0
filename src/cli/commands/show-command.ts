/**
 * `barloom show`: one ticker out of its series, or straight out of the archive, drawn on stdout. Changes
 * nothing.
 */

import type { Invocation } from '#cli/invocation.js';
import { type AdjustWish, adjusterOf, adjustOption } from '#cli/options/adjust-option.js';
import { isOpen, rangeFlags } from '#cli/options/range-flags.js';
import { archiveNote, damageNotes, readContextOf, unknownTickers } from '#cli/options/reading.js';
import { adjustNotes } from '#cli/output/adjust-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type LeftOutDay, type Rename, showText } from '#cli/output/show-text.js';
import { textStyle } from '#cli/output/text-style.js';
import { type CommandContext, commandContext, oneDataset, requireData } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { periodStamps } from '#market/bars/resample.js';
import { type ResolvedRange, resolveRange } from '#market/calendar/range.js';
import { dayIn } from '#market/calendar/zone.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { BAR_COLUMNS, hasBars, isLineADay, type SeriesForm } from '#market/datasets/series-form.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import { seriesOfTicker, tickerIn } from '#market/tickers/of-dataset.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import type { Row } from '#store/series/row.js';
import { EXIT } from '#tasks/exit-code.js';
import { linesOf } from '#tasks/export/lines.js';
import { leftOutReader } from '#tasks/gaps/left-out.js';
import { type DamagedDay, type ReadContext, readArchive, readSeries } from '#tasks/history/history.js';
import { readOwners } from '#tasks/identity/with-identity.js';
import type { Bar } from '#tasks/show/bar.js';
import { type Shown, show } from '#tasks/show/show.js';

const DEFAULT_MONTHS = 6;

export function showCommand(invocation: Invocation): Promise<number> {
  return reported('show', invocation, () => showWith(invocation));
}

async function showWith(invocation: Invocation): Promise<CommandResult> {
  const { args, flags, environment } = invocation;
  const [named = ''] = args;
  const context = await commandContext({ flags, environment }, 'anywhere');
  const dataset = oneDataset(context);
  const ticker = tickerIn(dataset, named);
  if (dataset.series.of !== 'ticker' || !hasBars(dataset.series))
    throw new UsageError(
      `show draws a ticker's own bars, and ${dataset.name} has none: barloom export ${ticker} -t ${dataset.name}.`,
    );
  requireData(context);
  const adjust = adjustOption(flags, dataset);
  const { layout, now } = context;
  return withDataFolder({ layout, access: 'read', command: 'show', now }, async (folder) => {
    const found = find(ticker, readContextOf(folder, dataset));
    if (found.unreadable !== undefined) {
      environment.stderr(`barloom: ${safeText(found.unreadable)}\n`);
      return { exitCode: EXIT.incomplete, message: found.unreadable };
    }
    if (found.readFrom === 'archive') environment.stderr(archiveNote([ticker]));
    environment.stderr(damageNotes(found.damaged));
    const adjuster =
      adjust === undefined
        ? undefined
        : await adjusterOf(adjust, { tickers: [ticker] }, dataset, context, invocation);
    const rows = adjuster?.rowsOf(ticker, found.rows) ?? found.rows;
    environment.stderr(adjustNotes(adjuster?.notes ?? []));
    const renamed = await renameOf(ticker, dataset, context, invocation);
    const { start, end } = rangeOf(flags, dataset, now, rows);
    const weekly = flags['weekly'] === true;
    const shown = show({
      ticker,
      rows: dayRows(rows, dataset),
      calendar: dataset.calendar,
      range: { start, end },
      weekly,
    });
    const leftOut = leftOutOf(shown, folder, dataset);
    return {
      exitCode: found.damaged.length > 0 ? EXIT.incomplete : 0,
      text: showText({
        shown,
        leftOut,
        renamed,
        dataset: `${dataset.name}${adjustedText(adjust)}`,
        style: textStyle(environment),
      }),
      document: {
        datasets: [
          {
            ...documentOf(shown, dataset, found),
            adjusted: adjust?.by ?? 'none',
            as_of: adjust?.asOf ?? null,
            renamed_from: renamed === undefined ? null : { ticker: renamed.from, on: renamed.on },
            left_out: leftOut,
          },
        ],
      },
    };
  });
}

/** Undefined where the ticker's last owner has had no other name, as far as the tables tell. */
async function renameOf(
  ticker: string,
  dataset: Dataset,
  context: CommandContext,
  invocation: Invocation,
): Promise<Rename | undefined> {
  if (dataset.name !== stocksDaily.name) return undefined;
  const owners = await readOwners(lakeTools('show', context, invocation), [ticker]);
  const { before, start } = owners(ticker).at(-1) ?? {};
  return before === undefined || start === undefined ? undefined : { from: before, on: start };
}

function adjustedText(adjust: AdjustWish | undefined): string {
  if (adjust === undefined) return '';
  const by = adjust.by === 'all' ? 'splits and dividends' : 'splits';
  return `, adjusted for ${by}${adjust.asOf === undefined ? '' : ` as of ${adjust.asOf}`}`;
}

/** A bar a day, whatever the series has. */
function dayRows(rows: readonly Row[], { series: form }: Dataset): readonly Row[] {
  if (isLineADay(form)) return rows;
  const bars = onlyBars(form, rows);
  const lines = linesOf(bars, { form, stampOf: periodStamps('day') }, () => undefined);
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

interface Found {
  readonly readFrom: 'series' | 'archive';
  readonly rows: readonly Row[];
  readonly damaged: readonly DamagedDay[];
  /** The sentence, where there is a series that cannot be read. */
  readonly unreadable?: string;
}

/** Throws UsageError for a ticker that neither the series nor the archive know. */
function find(ticker: string, readContext: ReadContext): Found {
  const series = readSeries(readContext, ticker);
  if (series.state === 'read') return { readFrom: 'series', rows: [...series.rows], damaged: [] };
  if (series.state === 'unreadable') {
    const unreadable = `${series.file} cannot be read: ${series.reason}. Mend it, or run barloom rebuild ${ticker}.`;
    return { readFrom: 'series', rows: [], damaged: [], unreadable };
  }
  const archived = readArchive(readContext, [ticker]);
  const rows = archived.rows.get(ticker) ?? [];
  if (rows.length === 0 && archived.damaged.length === 0) throw unknownTickers([ticker], readContext);
  return { readFrom: 'archive', rows, damaged: archived.damaged };
}

/** Counted back from the ticker's own last day, so that one that is no longer traded is shown as well. */
function rangeOf(
  flags: Readonly<Record<string, unknown>>,
  dataset: Dataset,
  now: Date,
  rows: readonly Row[],
): ResolvedRange {
  const given = rangeFlags(flags);
  const today = dayIn(dataset.publication.timeZone, now);
  const last = rows.at(-1)?.day ?? today;
  return resolveRange(
    isOpen(given) ? { ...given, months: DEFAULT_MONTHS } : given,
    // A series may hold older rows than the vendor has, and a start before all of them is no mistake.
    { today: today > last ? today : last, lastDue: last, firstDay: '1900-01-01', farthest: '9999-12-31' },
  );
}

function documentOf(shown: Shown, dataset: Dataset, { readFrom, damaged }: Found) {
  const { figures } = shown;
  return {
    dataset: dataset.name,
    ticker: shown.ticker,
    read_from: readFrom,
    damaged_days: damaged,
    range: shown.range,
    series: { first: shown.series.first ?? null, last: shown.series.last ?? null, rows: shown.series.rows },
    candle: shown.candle,
    sessions: shown.sessions,
    missing: shown.missing,
    figures:
      figures === undefined
        ? null
        : {
            last: figures.last,
            change: figures.change ?? null,
            range: figures.range,
            year: figures.year ?? null,
            volume: figures.volume,
            splits: figures.splits,
          },
    rows: shown.bars.map((bar) => rowOf(bar, shown.candle)),
  };
}

/**
 * Rows that are no bars, and records of the vendor's that are in no row: as they were recorded, whether the
 * day has a row of others or of the user's, and of sessions without a row also where nothing is recorded.
 */
function leftOutOf(
  { ticker, odd, missing, range }: Shown,
  folder: DataFolder,
  dataset: Dataset,
): readonly LeftOutDay[] {
  const { on } = leftOutReader(folder, dataset);
  const recorded = [...folder.known(dataset).days].flatMap(([day, { left_out }]) =>
    left_out !== undefined && day >= range.start && day <= range.end ? [day] : [],
  );
  const days = [...new Set([...recorded, ...missing])].sort();
  const records = days.flatMap((day) =>
    on(day).flatMap(({ ticker: of, ...one }) =>
      seriesOfTicker(of, dataset.series) === ticker ? [{ day, ...one }] : [],
    ),
  );
  return [...odd.map((day) => ({ day, reason: 'the row of the series is no bar' })), ...records];
}

function rowOf({ start, end, sessions, ...values }: Bar, candle: Shown['candle']): unknown {
  return candle === 'week' ? { start, end, sessions, ...values } : { date: start, ...values };
}
