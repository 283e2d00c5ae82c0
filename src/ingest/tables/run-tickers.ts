/**
 * Types that are had one ticker at a time, in batches: the answers of a batch become rows together, and are
 * recorded. A ticker that the vendor does not know is an answer, too.
 */
import { SourceError } from '#platform/http/source-error.js';
import { identifier, literal } from '#store/lake/duckdb.js';
import { pages } from '#vendors/rest/pages.js';
import type { Row } from '#vendors/rest/records.js';
import { all, type RunTools } from './run-bulk.js';
import { commit, stageRows, type TableLoad } from './table-load.js';
import { tickerTarget } from './target.js';

/** Throws as runBulk does. `batches`: those to be done, in this order. */
export async function runTickers(
  load: TableLoad,
  batches: readonly (readonly string[])[],
  tools: RunTools,
): Promise<void> {
  const { type, outcome, record } = load;
  const total = batches.reduce((sum, { length }) => sum + length, 0);
  outcome.planned += total;
  tools.hearing.hear({ type: 'planned', table: type.name, parts: total });
  let done = 0;
  for (const batch of batches) {
    tools.signal.throwIfAborted();
    if (outcome.denied !== undefined || tools.trouble.hasGivenOut()) return;
    const isNew = (ticker: string): boolean => !record.tickers.has(ticker);
    // What is seen first now counts from its own date; of tickers that were asked for before it does not.
    for (const part of [batch.filter(isNew), batch.filter((ticker) => !isNew(ticker))])
      if (part.length > 0) await runBatch(load, part, tools);
    done += batch.length;
    tools.hearing.hear({ type: 'batch', table: type.name, done, of: total });
    await tools.hearing.progressed(outcome);
  }
}

async function runBatch(load: TableLoad, batch: readonly string[], tools: RunTools): Promise<void> {
  const { type, record, outcome } = load;
  const staged = await stageRows(tools.tables, type.name);
  try {
    const answered = new Map<string, number>();
    const [first, ...others] = batch;
    // The first alone: it tells whether the plan has the type.
    for (const group of [first === undefined ? [] : [first], others])
      if (outcome.denied === undefined)
        await all(
          group.map((ticker) =>
            tools.places(async () => {
              const rows = await askTicker(load, ticker, tools);
              if (rows === undefined) return;
              await staged.add(rows);
              tools.hearing.hear({ type: 'arrived', table: type.name, rows: rows.length });
              answered.set(ticker, rows.length);
            }),
          ),
        );
    const files = await staged.finish();
    if (answered.size === 0) return;
    const isFirst = [...answered.keys()].every((ticker) => !record.tickers.has(ticker));
    const whose = `${identifier(type.ticker ?? 'ticker')} IN (${[...answered.keys()].map(literal).join(', ')})`;
    await tools.merging(() =>
      commit(load, tools.tables, {
        staged: files,
        now: tools.now(),
        isFirst,
        holdsAll: whose,
        note: ({ tickers, failed }, moment) => {
          for (const [ticker, rows] of answered) {
            tickers.set(ticker, { rows, asked_at: moment });
            failed.delete(ticker);
          }
        },
      }),
    );
    outcome.done.push(...answered.keys());
    for (const ticker of answered.keys()) outcome.tickersDone.add(ticker);
  } finally {
    await staged.drop();
  }
}

/** Its rows, none where the vendor has nothing; undefined where it failed, which is noted. */
async function askTicker(
  { type, reader, outcome, record }: TableLoad,
  ticker: string,
  { client, signal, trouble, hearing, now }: RunTools,
): Promise<readonly Row[] | undefined> {
  signal.throwIfAborted();
  if (outcome.denied !== undefined || trouble.hasGivenOut()) return undefined;
  try {
    const rows: Row[] = [];
    const request = { type, row: reader.row, target: tickerTarget(type, ticker), ticker, signal };
    for await (const page of pages(client, request)) rows.push(...page);
    trouble.succeeded();
    return rows;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourceError && error.kind === 'not-found') return [];
    const failed = trouble.judge(ticker, error);
    if (failed === undefined) throw error;
    const at = now().toISOString();
    if (failed.kind === 'denied') {
      outcome.denied ??= failed.error;
      record.denied = { error: failed.error, at };
    } else {
      outcome.failed.push(failed);
      record.failed.set(ticker, { error: failed.error, at });
      outcome.tickersFailed.set(ticker, { error: failed.error, timestamp: at });
      hearing.hear({
        type: 'problem',
        table: type.name,
        window: ticker,
        isWindow: false,
        message: failed.error,
      });
    }
    return undefined;
  }
}
