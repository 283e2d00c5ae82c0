/** `--follow-renames`: what a ticker's company was called before, out of the tables. */
import type { Invocation } from '#cli/invocation.js';
import type { CommandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import type { Ownership } from '#market/tickers/owners.js';
import type { Row } from '#store/series/row.js';
import type { Adjuster } from '#tasks/adjust/open-adjuster.js';
import { type ReadContext, readArchive, readSeries } from '#tasks/history/history.js';
import { followedRows } from '#tasks/identity/follow.js';

/** By ticker the names of its last owner; tickers that were never called otherwise are not in it. */
export async function companyNames(
  tickers: readonly string[],
  dataset: Dataset,
  context: CommandContext,
  invocation: Invocation,
): Promise<ReadonlyMap<string, readonly Ownership[]>> {
  if (dataset.name !== stocksDaily.name) throw new UsageError(`--follow-renames is for ${stocksDaily.name}.`);
  const { hasIdentity } = await import('#tasks/identity/with-identity.js');
  if (!hasIdentity(context.layout))
    throw new UsageError(
      `${context.layout.dataDir} does not know what companies were called: run barloom fetch tickers ticker_events first.`,
    );
  const { withReader } = await import('#tasks/lake/open-lake.js');
  const { namesUntilNow } = await import('#tasks/identity/history.js');
  const { readHistories } = await import('#tasks/adjust/event-index.js');
  const histories = await withReader(lakeTools('export', context, invocation), (duck) =>
    readHistories(context.layout, tickers, duck),
  );
  return new Map(
    tickers.flatMap((ticker) => {
      const names = namesUntilNow(ticker, histories(ticker));
      return names.length === 0 ? [] : [[ticker, names] as const];
    }),
  );
}

/** What is made of a ticker's rows: its company's, adjusted. Undefined where they stay as they are. */
export function historyMaker(
  readContext: ReadContext,
  names: ReadonlyMap<string, readonly Ownership[]> | undefined,
  adjuster: Adjuster | undefined,
): ((ticker: string, rows: Iterable<Row>) => Iterable<Row>) | undefined {
  if (names === undefined) return adjuster?.rowsOf;
  return (ticker, rows) => {
    const own = names.get(ticker);
    const all =
      own === undefined
        ? rows
        : followedRows(own, (name) => (name === ticker ? [...rows] : rowsUnder(name, readContext)));
    return adjuster?.rowsOf(ticker, all) ?? all;
  };
}

/** A series that cannot be read is as one that is not there: the archive has the rows. */
function rowsUnder(name: string, readContext: ReadContext): readonly Row[] {
  const series = readSeries(readContext, name);
  return series.state === 'read' ? [...series.rows] : (readArchive(readContext, [name]).rows.get(name) ?? []);
}
