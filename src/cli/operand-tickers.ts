/** The tickers that a command names: operands, each also a list with commas, and the tickers of --file. */
import path from 'node:path';
import { parseTickerList } from '../tickers/list-file.js';
import { readTextFile } from '../tickers/text-file.js';
import type { Invocation } from './invocation.js';
import { UsageError } from './usage-error.js';

/** Each once. Throws UsageError where --file is not there, TickerListError where it cannot be read. */
export async function operandTickers({ args, flags, world }: Invocation): Promise<readonly string[]> {
  const named = args
    .flatMap((arg) => arg.split(','))
    .map((ticker) => ticker.trim())
    .filter(Boolean);
  const file = flags['file'];
  if (file === undefined) return [...new Set(named)];
  const text = await readTextFile(path.resolve(world.cwd, String(file)), 'wait');
  if (text === undefined) throw new UsageError(`There is no file ${path.resolve(world.cwd, String(file))}.`);
  return [...new Set([...named, ...parseTickerList(text)])];
}
