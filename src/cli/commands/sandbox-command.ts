/** `barloom sandbox`: the synthetic market served by itself, until Ctrl-C, with what to set to point any S3 client at it. */

import type { Invocation } from '#cli/invocation.js';
import { MOST_TICKERS } from '#cli/run/sandbox-market.js';
import { UsageError } from '#cli/usage-error.js';
import { isIsoDay } from '#market/calendar/iso-day.js';
import { parseFaultPlan } from '#sandbox/faults/faults.js';
import { type DayRange, DEFAULT_MISSING, DEFAULT_TICKERS, DEFAULT_TRUE_ROWS } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';

/** Gigabytes of text; a few minutes' work. */
const MOST_TRUE_ROWS = 200_000_000;

export async function sandboxCommand({ flags, environment }: Invocation): Promise<number> {
  const number = (name: string, most: number, fallback: number): number => {
    const given = flags[name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
    const value = Number(given ?? fallback);
    if (!Number.isInteger(value) || value < 0 || value > most)
      throw new UsageError(`--${name} ${String(given)} is not a number up to ${most}.`);
    return value;
  };
  const port = number('port', 65_535, 9911);
  const sandbox = await startSandbox({
    now: environment.now(),
    // Clients sign with the real time, whatever BARLOOM_NOW says of the market's.
    clock: () => new Date(),
    port,
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
      throw new UsageError(`Port ${port} is taken: give another --port, or 0 for any free one.`);
    throw error;
  });
  const { endpoint, bucket, credentials } = sandbox;
  environment.stdout(
    [
      `export AWS_ENDPOINT_URL_S3=${endpoint}`,
      `export AWS_ACCESS_KEY_ID=${credentials.accessKeyId}`,
      `export AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
      'export AWS_REGION=us-east-1',
      '',
    ].join('\n'),
  );
  environment.stderr(
    `A synthetic market on ${endpoint}, bucket ${bucket}. With the lines above set in another terminal:\n` +
      '  barloom populate --months 1 --tickers AAPL,BRK.B --data-dir try\n' +
      `  aws s3 ls s3://${bucket}/us_stocks_sip/day_aggs_v1/   (with addressing_style = path)\nCtrl-C ends it.\n`,
  );
  await new Promise<void>((resolve) => environment.onStop(() => resolve()));
  await sandbox.close();
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
