/** The tickers that a command names: operands, each also a list with commas, and the tickers of --file (`-`: stdin). */
import path from 'node:path';
import { addAbortSignal } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import type { Invocation } from '#cli/invocation.js';
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { hasPrefix, otherOwners, tickerIn } from '#market/tickers/of-dataset.js';
import { vendorSpelling } from '#market/tickers/vendor-spelling.js';
import { parseTickerList } from '#store/lists/list-file.js';
import { readTextFile } from '#store/lists/text-file.js';

/**
 * Each once, as the dataset has them. Throws UsageError for an operand of another dataset, and where --file
 * is not there; TickerListError where it cannot be read.
 */
export async function operandTickers(
  { args, flags, environment }: Invocation,
  dataset: Dataset,
): Promise<readonly string[]> {
  const named = args
    .flatMap((arg) => arg.split(','))
    .map((ticker) => ticker.trim())
    .filter(Boolean)
    .map((ticker) => ownTicker(ticker, dataset));
  const file = flags['file'];
  const own = (tickers: readonly string[]): readonly string[] => [
    ...new Set(tickers.map((ticker) => (hasPrefix(ticker) ? ticker : tickerIn(dataset, ticker)))),
  ];
  if (file === undefined) return own(named);
  const text =
    file === '-'
      ? await textOf(addAbortSignal(environment.signal, process.stdin))
      : await readTextFile(path.resolve(environment.cwd, String(file)), 'wait');
  if (text === undefined)
    throw new UsageError(`There is no file ${path.resolve(environment.cwd, String(file))}.`);
  return own([...named, ...parseTickerList(text)]);
}

function ownTicker(given: string, dataset: Dataset): string {
  const ticker = vendorSpelling(given);
  const [owner] = otherOwners(dataset, ticker);
  if (owner === undefined) return ticker;
  const told = ticker === given ? ticker : `${given} is ${ticker}, which`;
  throw new UsageError(`${told} is not in ${dataset.name}: give -t ${owner}.`);
}
