/** The tickers that a command names: operands, each also a list with commas, and the tickers of --file. */
import path from 'node:path';
import type { Dataset } from '../flatfile/dataset.js';
import { parseTickerList } from '../tickers/list-file.js';
import { tickerIn } from '../tickers/of-dataset.js';
import { readTextFile } from '../tickers/text-file.js';
import type { Invocation } from './invocation.js';
import { UsageError } from './usage-error.js';

/** Each once, as the dataset has them. Throws UsageError where --file is not there, TickerListError where it cannot be read. */
export async function operandTickers(
  { args, flags, world }: Invocation,
  dataset: Dataset,
): Promise<readonly string[]> {
  const named = args
    .flatMap((arg) => arg.split(','))
    .map((ticker) => ticker.trim())
    .filter(Boolean);
  const file = flags['file'];
  const own = (tickers: readonly string[]): readonly string[] => [
    ...new Set(tickers.map((ticker) => tickerIn(dataset, ticker))),
  ];
  if (file === undefined) return own(named);
  const text = await readTextFile(path.resolve(world.cwd, String(file)), 'wait');
  if (text === undefined) throw new UsageError(`There is no file ${path.resolve(world.cwd, String(file))}.`);
  return own([...named, ...parseTickerList(text)]);
}
