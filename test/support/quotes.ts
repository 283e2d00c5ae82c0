/** Imports from a sandbox of Alpaca, and what they leave, read by a reader that has nothing to do with DuckDB. */
import { readdirSync } from 'node:fs';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { onTestFinished } from 'vitest';
import { ALPACA_KEYS, type AlpacaOptions, type RunningAlpaca } from '#sandbox/alpaca/options.js';
import { startAlpaca } from '#sandbox/alpaca/start.js';
import { type Ended, NOW, type RunOptions, type Workdir } from './workdir.js';

export type QuoteRow = Readonly<Record<string, unknown>>;

/** Ended with the test. */
export async function alpaca(options: Partial<AlpacaOptions> = {}): Promise<RunningAlpaca> {
  const running = await startAlpaca({
    now: new Date(NOW),
    quotesADay: 600,
    clock: () => Date.now(),
    ...options,
  });
  onTestFinished(() => running.close());
  return running;
}

/** `barloom quotes ARGS` with the sandbox's keys and URL in the environment. */
export function quotes(
  workdir: Workdir,
  { url }: Pick<RunningAlpaca, 'url'>,
  args: string,
  options: RunOptions = {},
): Promise<Ended> {
  const env = {
    APCA_API_KEY_ID: ALPACA_KEYS.id,
    APCA_API_SECRET_KEY: ALPACA_KEYS.secret,
    APCA_API_DATA_URL: url,
    ...options.env,
  };
  return workdir.verb(`quotes ${args}`, { ...options, env });
}

/** Of the files with such a name below quotes/, ascending. */
export function quoteFiles(workdir: Workdir, ending = '.parquet'): readonly string[] {
  if (!workdir.has('quotes')) return [];
  return readdirSync(workdir.at('quotes'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith(ending))
    .sort();
}

/** 64 bits are bigint. */
export async function rowsOf(workdir: Workdir, name: string): Promise<readonly QuoteRow[]> {
  const file = await asyncBufferFromFile(workdir.at('quotes', name));
  return parquetReadObjects({ file, compressors });
}
