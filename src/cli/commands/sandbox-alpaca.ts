/** `barloom sandbox alpaca`: Alpaca's historical quotes of the synthetic market, until Ctrl-C. */
import type { Invocation } from '#cli/invocation.js';
import { UsageError } from '#cli/usage-error.js';
import { DEFAULT_QUOTES_A_DAY, DEFAULT_REQUESTS_A_MINUTE } from '#sandbox/alpaca/options.js';
import { startAlpaca } from '#sandbox/alpaca/start.js';
import { parseFaultPlan } from '#sandbox/faults/faults.js';

const DEFAULT_PORT = 9913;
const MOST_QUOTES = 5_000_000;

export async function sandboxAlpaca({ flags, environment }: Invocation): Promise<number> {
  const number = (name: string, flag: string, least: number, most: number, fallback: number): number => {
    const value = Number(flags[flag] ?? fallback);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new UsageError(
        `--${name} must be a number from ${least} to ${most}, not ${String(flags[flag])}.`,
      );
    return value;
  };
  const port = number('port', 'port', 0, 65_535, DEFAULT_PORT);
  const alpaca = await startAlpaca({
    now: environment.now(),
    clock: () => Date.now(),
    port,
    seed: number('seed', 'seed', 0, 2 ** 31, 1),
    quotesADay: number('quotes', 'quotes', 1, MOST_QUOTES, DEFAULT_QUOTES_A_DAY),
    requestsAMinute: number('requests', 'requests', 1, 1_000_000, DEFAULT_REQUESTS_A_MINUTE),
    latencyMs: number('latency', 'latency', 0, 60_000, 0),
    ...(flags['faults'] === undefined ? {} : { faults: faultsOf(String(flags['faults'])) }),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new UsageError(`Port ${port} is taken: give another --port, or 0 for any free one.`);
    throw error;
  });
  const { url, keys } = alpaca;
  environment.stdout(
    [
      `export APCA_API_DATA_URL=${url}`,
      `export APCA_API_KEY_ID=${keys.id}`,
      `export APCA_API_SECRET_KEY=${keys.secret}`,
      '',
    ].join('\n'),
  );
  environment.stderr(
    `Alpaca's quotes of a synthetic market on ${url}. With the lines above set in another terminal:\n` +
      '  barloom quotes import AAPL 2024-01-02 2024-01-31 --data-dir try\nCtrl-C ends it.\n',
  );
  await new Promise<void>((resolve) => environment.onStop(() => resolve()));
  await alpaca.close();
  return 0;
}

function faultsOf(text: string): ReturnType<typeof parseFaultPlan> {
  try {
    return parseFaultPlan(text);
  } catch (error) {
    throw new UsageError(`--faults: ${(error as Error).message}`);
  }
}
