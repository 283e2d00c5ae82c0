/**
 * `barloom sandbox`: the synthetic market served by itself, until Ctrl-C, with what to set to point any S3
 * client, and any client of the vendor's REST API, at it. `sandbox stooq DIR` writes an archive for `match` instead.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { bytes, counted } from '#cli/output/quantities.js';
import { MOST_TICKERS } from '#cli/run/sandbox-market.js';
import { UsageError } from '#cli/usage-error.js';
import { isIsoDay } from '#market/calendar/iso-day.js';
import { parseFaultPlan } from '#sandbox/faults/faults.js';
import {
  type DayRange,
  DEFAULT_MISSING,
  DEFAULT_TICKERS,
  DEFAULT_TRUE_ROWS,
  SANDBOX_REST_KEY,
} from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';
import { sandboxRest } from './sandbox-rest.js';

/** Gigabytes of text; a few minutes' work. */
const MOST_TRUE_ROWS = 200_000_000;

export async function sandboxCommand(invocation: Invocation): Promise<number> {
  const { args, flags, environment } = invocation;
  if (args.length === 1 && args[0] === 'alpaca')
    return (await import('./sandbox-alpaca.js')).sandboxAlpaca(invocation);
  if (args.length > 0) return stooqArchive(invocation);

  const number = (name: string, most: number, fallback: number): number => {
    const given = flags[name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
    const value = Number(given ?? fallback);
    if (!Number.isInteger(value) || value < 0 || value > most)
      throw new UsageError(`--${name} must be a number up to ${most}, not ${String(given)}.`);
    return value;
  };
  const port = number('port', 65_535, 9911);
  // With any port for the one, any for the other.
  const restPort = number('rest-port', 65_535, port === 0 ? 0 : port + 1);
  const sandbox = await startSandbox({
    now: environment.now(),
    // Clients sign with the real time, whatever BARLOOM_NOW says of the market's.
    clock: () => new Date(),
    ...{ port, restPort, rest: sandboxRest(flags) },
    tickers: number('tickers', MOST_TICKERS, DEFAULT_TICKERS),
    seed: number('seed', 2 ** 31, 1),
    missing:
      flags['missing'] === undefined ? DEFAULT_MISSING : String(flags['missing']).split(',').map(dayOf),
    trueSizes: flags['trueSizes'] === true,
    trueDays: number('true-days', 1000, 1),
    trueRows: number('true-rows', MOST_TRUE_ROWS, DEFAULT_TRUE_ROWS),
    deniedDatasets:
      flags['deniedDatasets'] === undefined ? [] : String(flags['deniedDatasets']).split(',').map(prefixOf),
    ...(flags['denied'] === undefined ? {} : { denied: [rangeOf(String(flags['denied']))] }),
    ...(flags['faults'] === undefined ? {} : { faults: faultsOf(String(flags['faults'])) }),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new UsageError(
        `Port ${port} or ${restPort} is taken: give another --port and --rest-port, or 0 for any free one.`,
      );
    throw error;
  });
  const { endpoint, bucket, credentials, restEndpoint } = sandbox;
  environment.stdout(
    [
      `export AWS_ENDPOINT_URL_S3=${endpoint}`,
      `export AWS_ACCESS_KEY_ID=${credentials.accessKeyId}`,
      `export AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
      'export AWS_REGION=us-east-1',
      `export MASSIVE_API_URL=${restEndpoint}`,
      `export MASSIVE_API_KEY=${SANDBOX_REST_KEY}`,
      '',
    ].join('\n'),
  );
  environment.stderr(
    `A synthetic market on ${endpoint}, bucket ${bucket}. With the lines above set in another terminal:\n` +
      '  barloom populate --months 1 --tickers AAPL,BRK.B --data-dir try\n' +
      `  aws s3 ls s3://${bucket}/us_stocks_sip/day_aggs_v1/   (with addressing_style = path)\n` +
      `  curl -H "Authorization: Bearer $MASSIVE_API_KEY" ${restEndpoint}/v3/reference/tickers\nCtrl-C ends it.\n`,
  );
  await new Promise<void>((resolve) => environment.onStop(() => resolve()));
  await sandbox.close();
  return 0;
}

const DEFAULT_FILES = 2000;
/** Three times the real one. */
const MOST_FILES = 200_000;

/** `barloom sandbox stooq DIR`: an archive and lists for `match`. */
async function stooqArchive({ args, flags, environment }: Invocation): Promise<number> {
  const [what, dir, ...more] = args;
  if (what !== 'stooq' || dir === undefined || more.length > 0)
    throw new UsageError(
      `The sandbox takes no ${args.join(' ')}: barloom sandbox, barloom sandbox stooq DIR, or barloom sandbox alpaca.`,
    );
  const files = Number(flags['files'] ?? DEFAULT_FILES);
  if (!Number.isInteger(files) || files < 1 || files > MOST_FILES)
    throw new UsageError(`--files must be a number from 1 to ${MOST_FILES}, not ${String(flags['files'])}.`);
  const folder = path.resolve(environment.cwd, dir);
  if (existsSync(path.join(folder, 'data', 'stooq')))
    throw new UsageError(`There is a data/stooq in ${folder} already: give another folder.`);
  const { writeArchive } = await import('#sandbox/stooq/write-archive.js');
  const written = writeArchive({ folder, files, trueSizes: flags['trueSizes'] === true });
  environment.stdout(
    `${counted(written.files, 'price file')} (${bytes(written.bytes)}) in ${dir}/data/stooq, ${counted(written.instruments, 'instrument')} in ${dir}/tradeable_instruments. Try:\n  cd ${dir} && barloom match\n`,
  );
  return 0;
}

function dayOf(text: string): string {
  if (!isIsoDay(text)) throw new UsageError(`--missing: ${JSON.stringify(text)} is no day, YYYY-MM-DD.`);
  return text;
}

function prefixOf(text: string): string {
  if (!/^\w+\/\w+$/.test(text))
    throw new UsageError(
      `--denied-datasets: ${JSON.stringify(text)} is no prefix such as us_options_opra/trades_v1.`,
    );
  return text;
}

function rangeOf(text: string): DayRange {
  const [start, end] = text.split('..');
  if (start === undefined || end === undefined || !isIsoDay(start) || !isIsoDay(end)) {
    throw new UsageError(`--denied: ${JSON.stringify(text)} is no range such as 2025-01-01..2025-01-31.`);
  }
  return { start, end };
}

function faultsOf(text: string): ReturnType<typeof parseFaultPlan> {
  try {
    return parseFaultPlan(text);
  } catch (error) {
    throw new UsageError(`--faults: ${(error as Error).message}`);
  }
}
