/** `barloom ratios`: all companies' into the lake, or some tickers' newest on stdout. */
import type { Invocation } from '#cli/invocation.js';
import { asOfOption } from '#cli/options/as-of.js';
import { row } from '#cli/output/paragraph.js';
import { count, counted } from '#cli/output/quantities.js';
import { ratiosText } from '#cli/output/ratios-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { lakeTools, memoryOption } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { EXIT } from '#tasks/exit-code.js';
import { withLake, withReader } from '#tasks/lake/open-lake.js';
import { buildRatios, type RatiosResult } from '#tasks/ratios/build.js';
import { BASES, type Basis, newestRatios } from '#tasks/ratios/newest.js';
import { hasStatements } from '#tasks/ratios/sources.js';

/** A year's ratios and what they look back at, before it spills. */
const RATIOS_BYTES = 1e9;

export function ratiosCommand(invocation: Invocation): Promise<number> {
  return reported('ratios', invocation, () => ratios(invocation));
}

/** The result alone, for commands that do more. */
export async function ratios(invocation: Invocation): Promise<CommandResult> {
  const { args, flags } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  const bases = basisOption(flags['basis']);
  const asOf = asOfOption(flags['asOf']);
  if (!hasStatements(context.layout))
    throw new UsageError(
      `There are no statements in ${context.layout.dataDir} to compute from: run barloom fetch fundamentals first.`,
    );
  const tickers = [...new Set(args.flatMap((one) => one.split(',')).filter(Boolean))];
  const wishes = ['basis', 'asOf'].filter((name) => flags[name] !== undefined);
  if (tickers.length > 0) return print(tickers, bases, asOf, context, invocation);
  if (wishes.length > 0)
    throw new UsageError(
      'Without tickers all bases are computed into the lake, each row with its filing date: barloom sql --as-of DAY looks back.',
    );
  return build(context, invocation);
}

function basisOption(given: unknown): readonly Basis[] {
  if (given === undefined) return BASES;
  const named = String(given).split(',');
  const unknown = named.find((one) => !BASES.some((basis) => basis === one));
  if (unknown !== undefined)
    throw new UsageError(`--basis ${unknown} is not known: give ${BASES.join(', ')}.`);
  return BASES.filter((basis) => named.includes(basis));
}

async function print(
  tickers: readonly string[],
  bases: readonly Basis[],
  asOf: string | undefined,
  context: CommandContext,
  invocation: Invocation,
): Promise<CommandResult> {
  const { environment, flags } = invocation;
  const { threads } = lakeTools('ratios', context, invocation);
  const memoryBytes = memoryOption(flags['memory']) ?? RATIOS_BYTES;
  const rows = await withReader({ memoryBytes, threads }, async (duck) =>
    newestRatios({ layout: context.layout, tickers, bases, asOf, signal: environment.signal }, await duck()),
  );
  const found = new Set(rows.map((one) => one['ticker']));
  const without = tickers.filter((ticker) => !found.has(ticker));
  if (without.length > 0)
    environment.stderr(
      `${safeText(without.join(', '))}: no statements${asOf === undefined ? '' : ` that were known on ${asOf}`}. Case is part of a ticker.\n`,
    );
  return {
    exitCode: without.length > 0 ? EXIT.incomplete : 0,
    text: ratiosText(rows),
    document: { as_of: asOf ?? null, without_statements: without, ratios: rows },
  };
}

async function build(context: CommandContext, invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const tools = {
    ...lakeTools('ratios', context, invocation),
    memoryBytes: memoryOption(flags['memory']) ?? RATIOS_BYTES,
  };
  const dryRun = flags['dryRun'] === true;
  const tell = context.quiet || context.json ? undefined : environment.stderr;
  const result = await withLake(tools, (lake) =>
    buildRatios({ force: flags['force'] === true, dryRun }, lake, tools, (month, rows) =>
      tell?.(`financial_ratios ${month}: ${counted(rows, 'row')}\n`),
    ),
  );
  return {
    exitCode: 0,
    text: resultText(result, dryRun),
    document: { ...(dryRun ? { dry_run: true } : {}), tables: [result] },
  };
}

function resultText({ table, files, unchanged, rows, with_prices }: RatiosResult, dryRun: boolean): string {
  const made = dryRun
    ? `${counted(files, 'month')} to make`
    : files === 0
      ? 'nothing to do'
      : `${counted(files, 'month')} made, ${counted(rows, 'row')}`;
  const prices = with_prices
    ? ''
    : `\n${row('prices', 'no stock days are here: ratios with a price are null')}`;
  return `${table}\n${row('ratios', `${made}; ${count(unchanged)} unchanged`)}${prices}\n`;
}
