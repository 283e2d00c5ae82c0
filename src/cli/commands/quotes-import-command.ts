/** `barloom quotes import`: quotes of symbols and days, from Alpaca or the archive, into Parquet. */

import { judgeError } from '#cli/errors.js';
import type { Invocation } from '#cli/invocation.js';
import { loadTarget } from '#cli/options/load-options.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { batchSizeOf, quotesFolder, quoteTable, symbolsAndDays } from '#cli/options/quote-options.js';
import { newQuoteReporter } from '#cli/output/quote-reporter.js';
import { estimateText, importText } from '#cli/output/quotes-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { openAlpacaOf } from '#cli/run/alpaca.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { openLog } from '#cli/run/populate-run.js';
import { UsageError } from '#cli/usage-error.js';
import { archiveSource } from '#ingest/quotes/archive-source.js';
import type { QuoteEvent } from '#ingest/quotes/events.js';
import type { QuoteSource } from '#ingest/quotes/source.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { readSourceMarker } from '#store/archive/source-marker.js';
import { tableName } from '#store/quotes/layout.js';
import { endsTheNight, mostSevere } from '#tasks/exit-code.js';
import { withReader } from '#tasks/lake/open-lake.js';
import { type CountQuotes, estimateImport } from '#tasks/quotes/estimate.js';
import { type ImportResult, importQuotes } from '#tasks/quotes/import.js';
import { withQuotes } from '#tasks/quotes/open-quotes.js';
import type { ImportRequest } from '#tasks/quotes/plan-import.js';
import { readAlpacaDay } from '#vendors/alpaca/quote-days.js';

/** Days at once: their pages come one after the other, and wait for the wire. */
const DEFAULT_WORKERS = 4;
/** Alpaca's largest page. */
const MOST_PAGE = 10_000;
/** Of a day's text the engine makes Parquet with half the work where no thread waits for another (measured). */
const ENGINE_THREADS = 1;

export function quotesImportCommand(invocation: Invocation): Promise<number> {
  return reported('quotes import', invocation, async () => {
    const context = await commandContext(invocation);
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
  const from = await openFrom(request, invocation, context, workers);
  try {
    return flags['dryRun'] === true
      ? await estimated(request, context, from)
      : await imported(request, invocation, context, from, workers);
  } finally {
    await from.close();
  }
}

interface From {
  readonly source: QuoteSource;
  readonly identity: SourceIdentity;
  readonly count: CountQuotes | undefined;
  readonly perMinute: () => number | undefined;
  readonly close: () => Promise<void>;
}

async function openFrom(
  { table: { source, feed } }: ImportRequest,
  invocation: Invocation,
  context: CommandContext,
  workers: number,
): Promise<From> {
  if (source === 'massive') {
    const marker = await readSourceMarker(context.layout.archiveDir);
    return {
      source: archiveSource(context.layout),
      identity: typeof marker === 'object' ? marker : { endpoint: 'file:archive', bucket: 'stocks_quotes' },
      count: undefined,
      perMinute: () => undefined,
      close: async () => undefined,
    };
  }
  const { client, identity, close } = await openAlpacaOf(context, invocation, workers);
  const limit = Math.min(MOST_PAGE, batchSizeOf(context.settings));
  return {
    source: {
      from: identity,
      readDay: (symbol, day, taker, signal) =>
        readAlpacaDay({ client, feed, limit }, { symbol, day }, taker, signal),
    },
    identity: { endpoint: identity, bucket: feed },
    count: async (symbol, fromMs, toMs) => {
      const range = { start: new Date(fromMs).toISOString(), end: new Date(toMs - 1).toISOString() };
      const { signal } = invocation.environment;
      let token: string | undefined;
      let quotes = 0;
      do {
        const page = await client.page({ symbol, feed, limit: MOST_PAGE, ...range, token }, signal);
        quotes += page.quotes.length;
        token = quotes < MOST_PAGE ? page.next : undefined;
      } while (token !== undefined);
      return quotes;
    },
    perMinute: client.perMinute,
    close,
  };
}

async function estimated(
  request: ImportRequest,
  context: CommandContext,
  from: From,
): Promise<CommandResult> {
  const { count, perMinute } = from;
  const estimate = await withReader({ memoryBytes: 128e6, threads: 1 }, (duck) =>
    estimateImport(request, {
      quotes: quotesFolder(context),
      now: context.now,
      duck,
      count,
      perMinute,
      batchSize: Math.min(MOST_PAGE, batchSizeOf(context.settings)),
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
  { source, identity }: From,
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
