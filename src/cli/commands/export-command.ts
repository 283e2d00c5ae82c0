/**
 * `barloom export`: tickers' rows to stdout or a file, for other programs. stdout has nothing but the data.
 * Changes nothing in the folder.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '#cli/environment.js';
import type { Invocation } from '#cli/invocation.js';
import { adjusterOf, adjustOption } from '#cli/options/adjust-option.js';
import { barOption } from '#cli/options/bar-option.js';
import { companyNames, historyMaker } from '#cli/options/follow-option.js';
import { openRange } from '#cli/options/open-range.js';
import { operandTickers } from '#cli/options/operand-tickers.js';
import { ownPlace } from '#cli/options/own-files.js';
import { reductionOf } from '#cli/options/quote-options.js';
import { archiveNote, damageNotes, readContextOf, unknownTickers } from '#cli/options/reading.js';
import { trackedTickers } from '#cli/options/tracked-tickers.js';
import { type WideWish, wideOption } from '#cli/options/wide-option.js';
import { zoneOption } from '#cli/options/zone-option.js';
import { adjustNotes } from '#cli/output/adjust-text.js';
import { count, counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type CommandContext, commandContext, oneDataset, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { seriesColumns } from '#market/datasets/series-form.js';
import type { Reduction } from '#market/quotes/reduction.js';
import { openOutput } from '#platform/disk/output-file.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { withDataFolder } from '#store/folder/open.js';
import type { TickerNote } from '#tasks/adjust/open-adjuster.js';
import { exitCodeOf, stopSignalOf } from '#tasks/exit-code.js';
import {
  type Chosen,
  choose,
  type ExportRequest,
  type ExportTally,
  exportHistories,
} from '#tasks/export/export.js';
import { FORMATS, type Format, type FormatName, formatOf } from '#tasks/export/format.js';
import { withPickedColumns } from '#tasks/export/picked-columns.js';
import { isQuotes } from '#tasks/export/reduced-lines.js';
import { TableTooLarge, wideFormatOf } from '#tasks/export/wide.js';
import { withOwnColumns } from '#tasks/history/own-columns.js';

export function exportCommand(invocation: Invocation): Promise<number> {
  return reported('export', invocation, () => exportWith(invocation));
}

async function exportWith(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext({ flags, environment }, 'anywhere');
  const described = oneDataset(context);
  const format = formatName(flags);
  const bars = barOption(flags, described);
  const reduction = reductionFor(flags, described);
  const range = openRange(flags, described, context.now);
  const adjust = adjustOption(flags, described);
  const zone = zoneOption(context.settings, bars?.columns ?? seriesColumns(described.series));
  const wide = wideOption(flags, described, bars?.columns ?? seriesColumns(described.series));
  const columns = wide?.ofSeries === true ? undefined : columnsGiven(flags);
  const output = outputOf(flags['output'], context.layout, environment.cwd);
  requireData(context);
  const tickers = await tickersOf(invocation, context);
  const { layout, now } = context;
  return withDataFolder({ layout, access: 'read', command: 'export', now }, async (folder) => {
    const holds = (day: IsoDay): boolean => day >= range.start && day <= range.end;
    const dataset =
      columns === undefined
        ? withOwnColumns(described, layout, holds)
        : pickedOf(described, columns, layout, holds);
    const readContext = readContextOf(folder, dataset);
    const chosen = choose(tickers.named, readContext, columns === undefined ? 'series' : 'archive');
    const wrong = chosen.unknown.filter((ticker) => !tickers.tracked.has(ticker));
    if (wrong.length > 0) throw unknownTickers(wrong, readContext);
    const names =
      flags['followRenames'] === true
        ? await companyNames(chosen.tickers, described, context, invocation)
        : undefined;
    const adjuster =
      adjust === undefined
        ? undefined
        : await adjusterOf(adjust, { tickers: chosen.tickers, names }, described, context, invocation);
    const job = {
      chosen,
      historyOf: historyMaker(readContext, names, adjuster),
      readContext,
      range,
      wording: { form: dataset.series, stampOf: bars?.stampOf, reduction, zone },
      format: await formatFor(format, bars?.columns ?? seriesColumns(dataset.series), chosen, wide),
      signal: environment.signal,
    };
    if (output === undefined) {
      const tally = await exported({ ...job, write: stdoutWriter(environment) });
      return resultOf(tally, chosen, environment, undefined, adjuster?.notes);
    }
    const file = await openOutput(output);
    const tally = await environment.tidied(file.drop, async () => {
      try {
        const written = await exported({ ...job, write: file.write });
        if (written.ended !== 'stopped') await file.finish();
        return written;
      } finally {
        // What has its name by now is not there under the other.
        await file.abandon();
      }
    });
    return resultOf(tally, chosen, environment, output, adjuster?.notes);
  });
}

/** A line a row, or with --wide a column a ticker. */
function formatFor(
  name: FormatName,
  columns: readonly string[],
  { tickers }: Chosen,
  wide: WideWish | undefined,
): Promise<Format> {
  if (wide === undefined) return formatOf(name, columns);
  const [stampName = '', ...values] = columns;
  return wideFormatOf(name, {
    tickers,
    stampName,
    at: values.findIndex((value) => value.toLowerCase() === wide.name.toLowerCase()),
  });
}

/** Throws UsageError for a table that memory should not hold. */
async function exported(request: ExportRequest): Promise<ExportTally> {
  try {
    return await exportHistories(request);
  } catch (error) {
    if (!(error instanceof TableTooLarge)) throw error;
    throw new UsageError(
      `--wide: ${count(request.chosen.tickers.length)} tickers over this range are more than 20,000,000 cells: give a shorter one or fewer tickers, or leave --wide out.`,
    );
  }
}

/** Options that make other lines of what there is. */
const OTHERWISE = ['bar', 'session', 'reduce', 'adjust', 'followRenames'] as const;

/** Throws UsageError. */
function columnsGiven(flags: Invocation['flags']): readonly string[] | undefined {
  if (flags['columns'] === undefined) return undefined;
  const names = String(flags['columns'])
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length === 0) throw new UsageError('--columns: say which, such as close,volume,transactions.');
  const other = OTHERWISE.find((name) => flags[name] !== undefined);
  if (other === undefined) return names;
  const option = `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(
    `--columns gives the vendor's columns as they are, and ${option} makes others of them.`,
  );
}

/** Throws UsageError for a column that the vendor's files do not have. */
function pickedOf(
  described: Dataset,
  names: readonly string[],
  layout: FolderLayout,
  holds: (day: IsoDay) => boolean,
): Dataset {
  const picked = withPickedColumns(described, names, layout, holds);
  if ('dataset' in picked) return picked.dataset;
  const { unknown, columns } = picked;
  throw new UsageError(
    columns.length === 0
      ? `--columns come out of the archive, which holds no day of ${described.name} in this range.`
      : `--columns ${unknown.join(',')}: the vendor's files of ${described.name} have ${columns.join(', ')}.`,
  );
}

/** Throws UsageError where there are no quotes to reduce. */
function reductionFor(flags: Invocation['flags'], { name, series }: Dataset): Reduction | undefined {
  const reduction = reductionOf(flags);
  if (reduction !== undefined && !isQuotes(series))
    throw new UsageError(`--reduce is of quotes, and ${name} has none: give -t stocks_quotes.`);
  return reduction;
}

/** --format, else what the output's name ends in, else csv. Throws UsageError. */
function formatName({ format, output }: Readonly<Record<string, unknown>>): FormatName {
  if (format !== undefined) {
    const found = FORMATS.find((name) => name === format);
    if (found !== undefined) return found;
    throw new UsageError(`--format ${String(format)} is not known: give ${FORMATS.join(', ')}.`);
  }
  const ending = path.extname(String(output ?? '')).toLowerCase();
  const found = FORMAT_OF_ENDING[ending] ?? FORMATS.find((name) => ending === `.${name}`);
  if (found !== undefined) return found;
  if (!OTHER_FORMATS.has(ending)) return 'csv';
  throw new UsageError(
    `-o ${String(output)}: export writes ${FORMATS.join(', ')} and no ${ending.slice(1)}; give --format to have one of them under that name` +
      `${ending === '.parquet' ? ', or let barloom sql -o write Parquet' : ''}.`,
  );
}

const FORMAT_OF_ENDING: Readonly<Record<string, FormatName>> = { '.jsonl': 'ndjson' };
/** What people would take the file for. */
const OTHER_FORMATS: ReadonlySet<string> = new Set(
  ['parquet', 'pq', 'arrow', 'feather', 'xlsx', 'xls', 'gz', 'zip', 'zst', 'h5', 'pkl', 'db', 'sqlite'].map(
    (name) => `.${name}`,
  ),
);

/** The file's path; undefined for stdout. Throws UsageError for a place where no export belongs. */
function outputOf(given: unknown, layout: FolderLayout, cwd: string): string | undefined {
  if (given === undefined || given === '-') return undefined;
  const file = path.resolve(cwd, String(given));
  const folder = path.dirname(file);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new UsageError(`${file} is a folder: give -o a file's name.`);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`There is no folder ${folder} for -o: make it first.`);
  const refusal = ownPlace(file, layout);
  if (refusal !== undefined) throw new UsageError(refusal);
  return file;
}

interface Tickers {
  /** Each once, operands first. */
  readonly named: readonly string[];
  /**
   * Those that only --tracked names: that one of them was never seen is no mistake of this command line's.
   */
  readonly tracked: ReadonlySet<string>;
}

async function tickersOf(invocation: Invocation, context: CommandContext): Promise<Tickers> {
  const { flags, environment } = invocation;
  const dataset = oneDataset(context);
  const operands = await operandTickers(invocation, dataset);
  const tracked =
    flags['tracked'] === true ? (await trackedTickers(dataset, context, environment)).tickers : [];
  const named = [...new Set([...operands, ...tracked])];
  if (named.length === 0) {
    throw new UsageError(
      flags['tracked'] === true
        ? `No ticker is tracked in ${context.layout.dataDir}: barloom add AAPL tracks one.`
        : 'Say which tickers: barloom export AAPL MSFT, --file LIST, or --tracked for all that are tracked.',
    );
  }
  const asked = new Set(operands);
  return { named, tracked: new Set(tracked.filter((ticker) => !asked.has(ticker))) };
}

/** On a terminal nothing of the data is raw; a pipe gets every byte. */
function stdoutWriter({ stdoutTerminal, writeOut }: Environment): (text: string) => Promise<boolean> {
  if (!stdoutTerminal) return writeOut;
  return (text) => writeOut(text.split('\n').map(safeText).join('\n'));
}

const TOLD = 10;

function resultOf(
  tally: ExportTally,
  chosen: Chosen,
  environment: Environment,
  output: string | undefined,
  notes: readonly TickerNote[] = [],
): CommandResult {
  const stopped = tally.ended === 'stopped';
  environment.stderr(archiveNote(chosen.untracked));
  environment.stderr(listNote(chosen.unknown, 'in no series and no day of the archive'));
  environment.stderr(listNote(tally.empty, 'no rows in this range'));
  environment.stderr(listNote(tally.odd, 'rows that are no bars are left out'));
  if (tally.reduced > 0)
    environment.stderr(`${counted(tally.reduced, 'quote')} left out, ${count(tally.rows)} kept.\n`);
  environment.stderr(damageNotes(tally.damaged));
  environment.stderr(adjustNotes(notes));
  for (const { file, reason } of tally.unreadable)
    environment.stderr(`barloom: ${safeText(`${file} cannot be read: ${reason}. Its rows are missing.`)}\n`);
  if (output !== undefined) {
    environment.stderr(
      stopped
        ? `barloom: stopped; nothing was written to ${safeText(output)}.\n`
        : `${counted(tally.rows, 'row')} of ${counted(tally.tickers, 'ticker')} in ${safeText(output)}\n`,
    );
  }
  return {
    exitCode: exitCodeOf({
      ...(stopped ? { signal: stopSignalOf(environment.signal) } : {}),
      incomplete: tally.damaged.length + tally.unreadable.length > 0,
    }),
  };
}

function listNote(tickers: readonly string[], what: string): string {
  if (tickers.length === 0) return '';
  const more = tickers.length > TOLD ? ` and ${count(tickers.length - TOLD)} more` : '';
  return `${safeText(tickers.slice(0, TOLD).join(', '))}${more}: ${what}.\n`;
}
