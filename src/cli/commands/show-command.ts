/**
 * `barloom show`: tickers out of their series, or straight out of the archive, drawn on stdout one below the other. Changes
 * nothing.
 */

import type { Invocation } from '#cli/invocation.js';
import { type AdjustWish, adjusterOf, adjustOption } from '#cli/options/adjust-option.js';
import { type BarOption, barOption } from '#cli/options/bar-option.js';
import { operandTickers } from '#cli/options/operand-tickers.js';
import { isOpen, rangeFlags } from '#cli/options/range-flags.js';
import { archiveNote, damageNotes, readContextOf, unknownTickers } from '#cli/options/reading.js';
import { zoneOption } from '#cli/options/zone-option.js';
import { adjustNotes } from '#cli/output/adjust-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type LeftOutDay, type Rename, ROWS_TOLD, showText } from '#cli/output/show-text.js';
import { textStyle } from '#cli/output/text-style.js';
import { type CommandContext, commandContext, oneDataset, requireData } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { type ResolvedRange, resolveRange } from '#market/calendar/range.js';
import { dayIn } from '#market/calendar/zone.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { hasBars, seriesColumns } from '#market/datasets/series-form.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import { seriesOfTicker } from '#market/tickers/of-dataset.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import type { Row } from '#store/series/row.js';
import { EXIT } from '#tasks/exit-code.js';
import { leftOutReader } from '#tasks/gaps/left-out.js';
import { readOwners } from '#tasks/identity/with-identity.js';
import type { Bar } from '#tasks/show/bar.js';
import {
  asContracts,
  dayRows,
  type History,
  isContract,
  lastMoments,
  readHistory,
} from '#tasks/show/read-history.js';
import { type Shown, show } from '#tasks/show/show.js';

const DEFAULT_MONTHS = 6;

export function showCommand(invocation: Invocation): Promise<number> {
  return reported('show', invocation, () => showWith(invocation));
}

async function showWith(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext({ flags, environment }, 'anywhere');
  const dataset = oneDataset(context);
  const tickers = await operandTickers(invocation, dataset);
  const shape = shapeOf(dataset, tickers);
  const wish = {
    adjust: adjustOption(flags, dataset),
    bars: barOption(flags, shape),
    zone: zoneOption(context.settings, seriesColumns(shape.series)),
  };
  if (wish.bars?.columns[0] === 'Date')
    throw new UsageError('show --bar is of minutes, such as 5m or 1h; --weekly draws a candle a week.');
  requireData(context);
  const { layout, now } = context;
  return withDataFolder({ layout, access: 'read', command: 'show', now }, async (folder) => {
    const readContext = readContextOf(folder, dataset);
    const histories = tickers.map((ticker) => ({ ticker, found: readHistory(readContext, ticker) }));
    const unknown = histories.flatMap(({ ticker, found }) => (found === undefined ? [ticker] : []));
    if (unknown.length > 0) throw unknownTickers(unknown, readContext);
    const parts: Part[] = [];
    for (const { ticker, found } of histories)
      if (found !== undefined)
        parts.push(await partOf({ ticker, found, shape, folder, wish }, context, invocation));
    const messages = parts.flatMap(({ message }) => message ?? []);
    return {
      exitCode: parts.some(({ isWhole }) => !isWhole) ? EXIT.incomplete : 0,
      ...(messages.length > 0 ? { message: messages.join(' ') } : {}),
      text: parts.flatMap(({ text }) => text ?? []).join('\n'),
      document: { datasets: parts.flatMap(({ document }) => document ?? []) },
    };
  });
}

/** The dataset as a ticker's own bars. Throws UsageError where it has none of these tickers. */
function shapeOf(dataset: Dataset, tickers: readonly string[]): Dataset {
  const { name, series } = dataset;
  const [first = ''] = tickers;
  if (first === '') throw new UsageError('Say which ticker: barloom show AAPL.');
  if (!hasBars(series))
    throw new UsageError(
      `show draws a ticker's own bars, and ${name} has none: barloom export ${first} -t ${name}.`,
    );
  if (series.of === 'ticker') return dataset;
  const other = tickers.find((ticker) => !isContract(ticker));
  if (other !== undefined)
    throw new UsageError(
      `${other} is no option contract, such as O:SPY261218C00660000: barloom export ${other} -t ${name} has all contracts on it.`,
    );
  return asContracts(dataset);
}

interface Wish {
  readonly adjust: AdjustWish | undefined;
  readonly bars: BarOption | undefined;
  readonly zone: string | undefined;
}

interface PartRequest {
  readonly ticker: string;
  readonly found: History;
  readonly shape: Dataset;
  readonly folder: DataFolder;
  readonly wish: Wish;
}

interface Part {
  readonly isWhole: boolean;
  readonly message?: string;
  readonly text?: string;
  readonly document?: object;
}

async function partOf(
  { ticker, found, shape: dataset, folder, wish: { adjust, bars, zone } }: PartRequest,
  context: CommandContext,
  invocation: Invocation,
): Promise<Part> {
  const { flags, environment } = invocation;
  if (found.unreadable !== undefined) {
    const { file, reason } = found.unreadable;
    const message = `${file} cannot be read: ${reason}. Fix it, or run barloom rebuild ${ticker}.`;
    environment.stderr(`barloom: ${safeText(message)}\n`);
    return { isWhole: false, message };
  }
  if (found.readFrom === 'archive' && !isContract(ticker)) environment.stderr(archiveNote([ticker]));
  environment.stderr(damageNotes(found.damaged));
  const adjuster =
    adjust === undefined
      ? undefined
      : await adjusterOf(adjust, { tickers: [ticker] }, dataset, context, invocation);
  const rows = [...(adjuster?.rowsOf(ticker, found.rows) ?? found.rows)];
  environment.stderr(adjustNotes(adjuster?.notes ?? []));
  const renamed = await renameOf(ticker, dataset, context, invocation);
  const range = rangeOf(flags, dataset, context.now, rows);
  const shown = show({
    ticker,
    rows: dayRows(rows, dataset.series),
    calendar: dataset.calendar,
    range: { start: range.start, end: range.end },
    weekly: flags['weekly'] === true,
  });
  const { series: form } = dataset;
  const moments =
    form.time === 'moment'
      ? lastMoments({ rows, form, range, stampOf: bars?.stampOf, zone, most: ROWS_TOLD + 1 })
      : undefined;
  const leftOut = leftOutOf(shown, folder, dataset);
  return {
    isWhole: found.damaged.length === 0,
    text: showText({
      shown,
      leftOut,
      renamed,
      moments: moments && { bars: moments, zone: zone ?? form.timeZone },
      dataset: `${dataset.name}${adjustedText(adjust)}`,
      style: textStyle(environment),
    }),
    document: {
      ...documentOf(shown, dataset, found),
      adjusted: adjust?.by ?? 'none',
      as_of: adjust?.asOf ?? null,
      renamed_from: renamed === undefined ? null : { ticker: renamed.from, on: renamed.on },
      left_out: leftOut,
      last_bars: moments?.slice(-ROWS_TOLD) ?? null,
    },
  };
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

function documentOf(shown: Shown, dataset: Dataset, { readFrom, damaged }: History) {
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
