/** `barloom quotes load`: imported quotes of symbols and days into a table of SQLite or PostgreSQL. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import type { Invocation } from '#cli/invocation.js';
import { loadOptions, loadTarget, refuseOwnPlace, tableOption } from '#cli/options/load-options.js';
import { quotesFolder, quoteTable, symbolsAndDays } from '#cli/options/quote-options.js';
import { quoteLoadText, quotePlanText } from '#cli/output/load-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import { withDatabase } from '#cli/run/database.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { loadTalk } from '#cli/run/load-talk.js';
import { UsageError } from '#cli/usage-error.js';
import { tableName } from '#store/quotes/layout.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { withWorkshop } from '#tasks/load/load.js';
import { loadQuotes, planQuotes } from '#tasks/quotes/load.js';

export function quotesLoadCommand(invocation: Invocation): Promise<number> {
  return reported('quotes load', invocation, () => quotesLoad(invocation));
}

/** The result alone, for an import into a database. */
export async function quotesLoad(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  const quotes = quoteTable(flags);
  const options = loadOptions(flags, context.settings);
  const target = loadTarget(context.settings, environment.cwd);
  refuseOwnPlace(target, context.layout);
  const request = {
    ...options,
    ...symbolsAndDays(invocation, context.now),
    quotes,
    folder: quotesFolder(context),
    into: tableOption(
      flags['table'],
      quotes.reduction === undefined ? 'quotes' : `quotes_${tableName(quotes).replaceAll(/\W/g, '_')}`,
    ),
  };
  const { memoryBytes, threads } = lakeTools('quotes load', context, invocation);
  const workshop = { temporary: os.tmpdir(), memoryBytes, threads };
  if (flags['dryRun'] === true) {
    const isThere = target.kind === 'postgres' || existsSync(target.file);
    return withDatabase(target, isThere ? 'read' : undefined, environment, (database) =>
      withWorkshop(workshop, async ({ duck }) => {
        const plan = await planQuotes(request, duck, database);
        refuseNothing(plan.without, request.symbols);
        return { exitCode: 0, ...quotePlanText(request, plan, options.batchRows, target.shown) };
      }),
    );
  }
  const talk = loadTalk(context, environment);
  return withDatabase(target, 'write', environment, (database) =>
    withWorkshop(workshop, async (shop) => {
      const tools = { database, batchRows: options.batchRows, signal: environment.signal, hear: talk.hear };
      const result = await loadQuotes(request, shop, tools).finally(talk.end);
      refuseNothing(result.without, request.symbols);
      return {
        exitCode: exitCodeOf({ incomplete: result.failed.length + result.without.length > 0 }),
        text: quoteLoadText(result, target.shown),
        document: { database: target.shown, ...result },
      };
    }),
  );
}

/** Throws UsageError where no symbol has a day. */
function refuseNothing(without: readonly string[], symbols: readonly string[]): void {
  if (without.length < symbols.length) return;
  throw new UsageError(
    `Of ${symbols.join(', ')} nothing is imported in these days: run barloom quotes import first (quotes status says what is here), ` +
      'or barloom load -t stocks_quotes for the archive.',
  );
}
