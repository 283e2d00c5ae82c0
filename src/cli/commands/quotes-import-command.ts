/** `barloom quotes import`: quotes of symbols and days, from Alpaca or the archive, into Parquet. */

import { judgeError } from '#cli/errors.js';
import type { Invocation } from '#cli/invocation.js';
import { loadTarget } from '#cli/options/load-options.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { batchSizeOf, quotesFolder, quoteTable, symbolsAndDays } from '#cli/options/quote-options.js';
import { newQuoteReporter } from '#cli/output/quote-reporter.js';
import { estimateText, importText } from '#cli/output/quotes-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { openLog } from '#cli/run/populate-run.js';
import { openQuoteOrigin, pageSizeOf, type QuoteOrigin } from '#cli/run/quote-origin.js';
import { UsageError } from '#cli/usage-error.js';
import type { QuoteEvent } from '#ingest/quotes/events.js';
import { tableName } from '#store/quotes/layout.js';
import { endsTheNight, mostSevere } from '#tasks/exit-code.js';
import { withReader } from '#tasks/lake/open-lake.js';
import { estimateImport } from '#tasks/quotes/estimate.js';
import { type ImportResult, importQuotes } from '#tasks/quotes/import.js';
import { withQuotes } from '#tasks/quotes/open-quotes.js';
import type { ImportRequest } from '#tasks/quotes/plan-import.js';

/** Days at once: their pages come one after the other, and wait for the wire. */
const DEFAULT_WORKERS = 4;
/** Of a day's text the engine makes Parquet with half the work where no thread waits for another (measured). */
const ENGINE_THREADS = 1;

export function quotesImportCommand(invocation: Invocation): Promise<number> {
  return reported('quotes import', invocation, async () => {
    const context = await commandContext(invocation, 'anywhere');
    if (!intoDatabase(context)) return quotesImport(invocation, context);
    // What is wrong with it is said before anything is asked of the vendor.
    loadTarget(context.settings, invocation.environment.cwd);
    const { quotesLoad } = await import('./quotes-load-command.js');
    const imported = await quotesImport(invocation, context);
    if (endsTheNight(imported.exitCode)) return imported;
    if (imported.text !== undefined && !context.json) invocation.environment.stdout(imported.text);
    const loaded = await quotesLoad(invocation);
    return {
      exitCode: mostSevere([imported.exitCode, loaded.exitCode]),
      message: imported.message,
      ...(loaded.text === undefined ? {} : { text: loaded.text }),
      document: { ...imported.document, load: loaded.document },
    };
  });
}

/** Throws UsageError. */
function intoDatabase({ settings }: CommandContext): boolean {
  const format = settings.text('historicalData.format') ?? 'parquet';
  if (format === 'parquet' || format === 'database') return format === 'database';
  throw new UsageError(
    `${settings.origin('historicalData.format')} ${format} is not known: give parquet or database.`,
  );
}

async function quotesImport(invocation: Invocation, context: CommandContext): Promise<CommandResult> {
  const { flags } = invocation;
  const request = {
    ...symbolsAndDays(invocation, context.now),
    table: quoteTable(flags),
    force: flags['force'] === true,
  };
  const workers = context.settings.count('workers', DEFAULT_WORKERS);
  const from = await openQuoteOrigin(request, invocation, context, workers);
  try {
    return flags['dryRun'] === true
      ? await estimated(request, context, from)
      : await imported(request, invocation, context, from, workers);
  } finally {
    await from.close();
  }
}

async function estimated(
  request: ImportRequest,
  context: CommandContext,
  from: QuoteOrigin,
): Promise<CommandResult> {
  const { count, perMinute } = from;
  const estimate = await withReader({ memoryBytes: 128e6, threads: 1 }, (duck) =>
    estimateImport(request, {
      quotes: quotesFolder(context),
      now: context.now,
      duck,
      count,
      perMinute,
      batchSize: pageSizeOf(context.settings),
    }),
  );
  return {
    exitCode: 0,
    text: estimateText(estimate),
    document: { dry_run: true, table: tableName(request.table), symbols: request.symbols, ...estimate },
  };
}

async function imported(
  request: ImportRequest,
  invocation: Invocation,
  context: CommandContext,
  { source, identity }: QuoteOrigin,
  workers: number,
): Promise<CommandResult> {
  const { environment } = invocation;
  const { settings, json, quiet, now } = context;
  const quotes = quotesFolder(context);
  const log = await openLog(context, environment);
  const reporter = newQuoteReporter({
    form: quiet ? 'quiet' : json ? 'ndjson' : 'lines',
    live: !json && !quiet && environment.liveTerminal && settings.switch('progress', true),
    batchSize: batchSizeOf(settings),
    write: environment.stderr,
    columns: environment.columns,
    clock: environment.clock,
  });
  const hear = (event: QuoteEvent): void => {
    reporter.hear(event);
    log?.hear(event);
  };
  environment.onStop((signal) => {
    reporter.say(`${signal}: stopping; the same command goes on behind the days that are whole`);
  });
  const tools = {
    ...{ quotes, source, identity, workers, now },
    command: 'quotes import',
    ...lockChoice(invocation),
    threads: ENGINE_THREADS,
    adoptSource: context.adoptSource,
    clock: environment.clock,
    pid: process.pid,
    signal: environment.signal,
  };
  try {
    const result = await withQuotes(tools, (open) => importQuotes(request, open, tools, hear));
    reporter.end();
    const { ended } = result;
    const message = ended === undefined || environment.signal.aborted ? undefined : judgeError(ended).message;
    if (message !== undefined) {
      environment.stderr(`barloom: ${message}\n`);
      log?.error(message);
    }
    return resultOf(request, result, quotes, message);
  } finally {
    reporter.end();
  }
}

function resultOf(
  { table, symbols, range }: ImportRequest,
  result: ImportResult,
  quotes: string,
  message: string | undefined,
): CommandResult {
  const name = tableName(table);
  const { plan, exitCode, problems, empty } = result;
  return {
    exitCode,
    message,
    text: importText(result, { table: name, folder: quotes }),
    document: {
      table: name,
      symbols,
      range: { start: range.start, end: range.end },
      days: {
        asked: plan.asked,
        there: plan.kept,
        pending: plan.pending.length * symbols.length,
        imported: result.days,
        failed: problems.filter(({ state }) => state === 'failed').length,
        missing: problems.filter(({ state }) => state === 'missing').length,
        denied: problems.filter(({ state }) => state === 'denied').length,
      },
      quotes: result.quotes,
      rows: result.rows,
      left_out: result.quotes - result.rows,
      bytes: result.bytes,
      problems: problems.map(({ symbol, day, state, reason }) => ({ symbol, day, state, reason })),
      empty: Object.fromEntries(empty),
    },
  };
}
