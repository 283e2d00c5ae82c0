/** quotes import: what the vendor has is what is here, once, whatever ends a run, and the next one goes on. */
import { expect, it } from 'vitest';
import { quoteDay } from '#sandbox/alpaca/quote-day.js';
import { alpacaSymbol } from '#sandbox/alpaca/symbols.js';
import { parseFaultPlan } from '#sandbox/faults/faults.js';
import { archived } from '../../support/lake.js';
import { alpaca, quoteFiles, quotes, rowsOf } from '../../support/quotes.js';
import { Workdir } from '../../support/workdir.js';

const QUOTES_A_DAY = 600;

/** Stamps of the market's own quotes of a day, with their numbers among those of one nanosecond. */
function truth(symbol: string, day: string): readonly (readonly [bigint, bigint])[] {
  const known = alpacaSymbol(symbol, QUOTES_A_DAY);
  if (known === undefined) throw new Error(`no ${symbol}`);
  const { count, midnight, timeOf } = quoteDay(known, day, 1);
  let [last, ord] = [-1, 0n];
  return Array.from({ length: count }, (_, i) => {
    const time = timeOf(i);
    ord = time === last ? ord + 1n : 0n;
    last = time;
    return [BigInt(midnight) * 1_000_000n + BigInt(time), ord];
  });
}

it('a day is a file, whole and exact; a second run asks for nothing, --force replaces, and sql sees it', async () => {
  const workdir = await Workdir.make();
  const server = await alpaca();
  const first = await quotes(
    workdir,
    server,
    'import AAPL,MSFT 2024-06-11 2024-06-14 --batch-size 100 --json',
  );
  expect(first.code, first.stderr).toBe(0);
  const document = JSON.parse(first.stdout);
  expect(document).toMatchObject({
    command: 'quotes import',
    table: 'alpaca-sip',
    days: { asked: 8, imported: 6, pending: 2, failed: 0 },
    left_out: 0,
  });
  const files = quoteFiles(workdir);
  expect(files).toHaveLength(6);
  expect(files[0]).toBe('alpaca-sip/AAPL/2024/06/2024-06-11.parquet');
  let total = 0;
  for (const name of files) {
    const [, symbol = '', day = ''] = /\/([A-Z]+)\/.*\/(.*)\.parquet$/.exec(name) ?? [];
    const rows = await rowsOf(workdir, name);
    expect(rows.map((row) => [row['ts_ns'], row['ord']])).toEqual(truth(symbol, day));
    for (const row of rows) expect(row['symbol']).toBe(symbol);
    total += rows.length;
  }
  expect(document).toMatchObject({ quotes: total, rows: total });

  const asked = await server.requests();
  const before = workdir.times();
  const second = await quotes(workdir, server, 'import AAPL,MSFT 2024-06-11 2024-06-14');
  expect([second.code, await server.requests()]).toEqual([0, asked]);
  const parquet = (times: Readonly<Record<string, string>>) =>
    Object.entries(times).filter(([name]) => name.endsWith('.parquet'));
  expect(parquet(workdir.times())).toEqual(parquet(before));

  expect((await workdir.verb('verify --deep')).code).toBe(0);
  await workdir.write(`quotes/${files[0]}`, 'not a table');
  expect((await quotes(workdir, server, 'status')).code).toBe(7);
  const verified = await workdir.verb('verify --json');
  expect(verified.code).toBe(7);
  expect(JSON.parse(verified.stdout).quotes).toMatchObject([{ damage: [{ file: files[0] }], files: 6 }]);
  await workdir.verb('verify --repair --quiet');
  expect(quoteFiles(workdir)).toHaveLength(5);
  expect((await quotes(workdir, server, 'import AAPL 2024-06-11 --quiet')).code).toBe(0);
  expect(await rowsOf(workdir, files[0] ?? '')).toHaveLength(truth('AAPL', '2024-06-11').length);
  expect((await quotes(workdir, server, 'import AAPL 2024-06-11 --force --quiet')).code).toBe(0);
  const asking = 'sql "SELECT source, symbol, count(*) AS n FROM quotes GROUP BY ALL ORDER BY 2"';
  const told = await workdir.run(
    ['sql', asking.slice(5, -1), '--format', 'ndjson', '--data-dir', workdir.data],
    {},
  );
  const counts = told.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(counts.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
  expect(counts.reduce((sum, { n }) => sum + Number(n), 0)).toBe(total);

  const status = JSON.parse((await quotes(workdir, server, 'status --json')).stdout);
  expect(status).toMatchObject({ run: { running: false, exit_code: 0 }, quotes: [{ table: 'alpaca-sip' }] });
  expect(status.quotes[0].symbols[0]).toMatchObject({ symbol: 'AAPL', days: 3, first: '2024-06-11' });
}, 60_000);

it('a reduced import has a table of its own, says what it left out, and is in no other', async () => {
  const workdir = await Workdir.make();
  const server = await alpaca();
  const day = '2024-06-12';
  await quotes(workdir, server, `import AAPL ${day} --quiet`);
  const documents = [];
  for (const how of ['every:10', 'second:best', 'second:tightest', 'changes:price,second:last']) {
    const { stdout, code } = await quotes(workdir, server, `import AAPL ${day} --reduce ${how} --json`);
    expect(code).toBe(0);
    documents.push(JSON.parse(stdout));
  }
  const all = await rowsOf(workdir, `alpaca-sip/AAPL/2024/06/${day}.parquet`);
  for (const { table, quotes: had, rows, left_out } of documents) {
    expect([had, rows + left_out]).toEqual([all.length, all.length]);
    expect(await rowsOf(workdir, `${table}/AAPL/2024/06/${day}.parquet`)).toHaveLength(rows);
  }
  const tenth = await rowsOf(workdir, `alpaca-sip-every-10/AAPL/2024/06/${day}.parquet`);
  expect(tenth.map((row) => row['ts_ns'])).toEqual(
    all.filter((_, i) => i % 10 === 0).map((row) => row['ts_ns']),
  );
  const seconds = new Set(all.map((row) => BigInt(row['ts_ns'] as bigint) / 1_000_000_000n));
  const best = await rowsOf(workdir, `alpaca-sip-second-best/AAPL/2024/06/${day}.parquet`);
  for (const row of best) {
    const start = row['ts_ns'] as bigint;
    expect(start % 1_000_000_000n).toBe(0n);
    expect(seconds.has(start / 1_000_000_000n)).toBe(true);
    const within = all.filter((one) => (one['ts_ns'] as bigint) / 1_000_000_000n === start / 1_000_000_000n);
    const fair = within.filter(
      ({ bid_price: bid, ask_price: ask }) => !(Number(bid) > Number(ask) && Number(ask) > 0),
    );
    expect(Number(row['bid_price'] ?? 0)).toBe(Math.max(0, ...fair.map((one) => Number(one['bid_price']))));
  }
  const tight = await rowsOf(workdir, `alpaca-sip-second-tightest/AAPL/2024/06/${day}.parquet`);
  const own = new Set(all.map((row) => row['ts_ns']));
  for (const row of tight) expect(own.has(row['quote_ts_ns'])).toBe(true);
}, 60_000);

it('killed at any instant: what has its name is whole, and the next run ends it, to the row', async () => {
  const server = await alpaca({ quotesADay: 2000, latencyMs: 5 });
  const range = 'import AAPL,NVDA 2024-06-10 2024-06-13 --batch-size 500 --workers 3 --quiet';
  const reference = await Workdir.make();
  const whole = await quotes(reference, server, range);
  expect(whole.code, whole.stderr).toBe(0);
  const workdir = await Workdir.make();
  const known = new Map<string, number>();
  for (const name of quoteFiles(reference)) known.set(name, (await rowsOf(reference, name)).length);
  for (const part of [0.55, 0.75, 0.9]) {
    await quotes(workdir, server, range, { killAfterMs: whole.ms * part });
    for (const name of quoteFiles(workdir))
      expect(await rowsOf(workdir, name)).toHaveLength(known.get(name) ?? -1);
  }
  expect((await quotes(workdir, server, range)).code).toBe(0);
  expect(quoteFiles(workdir)).toEqual(quoteFiles(reference));
  for (const name of quoteFiles(workdir))
    expect(await rowsOf(workdir, name)).toEqual(await rowsOf(reference, name));
  expect(quoteFiles(workdir, 'tmp')).toEqual([]);
  expect(workdir.has('quotes', '.work')).toBe(false);
}, 90_000);

it('faults on the wire cost requests and no quote; a second run takes what is lacking', async () => {
  const server = await alpaca({
    faults: parseFaultPlan('reset:0.05,cut:0.05,error500:0.05,hang-up:0.05,html200:0.05@seed=3'),
  });
  const workdir = await Workdir.make();
  let ended = await quotes(workdir, server, 'import AAPL 2024-06-10 2024-06-12 --batch-size 100');
  for (let n = 0; n < 4 && ended.code !== 0; n++)
    ended = await quotes(workdir, server, 'import AAPL 2024-06-10 2024-06-12 --batch-size 100');
  expect(ended.code, ended.stderr).toBe(0);
  for (const day of ['2024-06-10', '2024-06-11', '2024-06-12']) {
    const rows = await rowsOf(workdir, `alpaca-sip/AAPL/2024/06/${day}.parquet`);
    expect(rows.map((row) => [row['ts_ns'], row['ord']])).toEqual(truth('AAPL', day));
  }
}, 60_000);

it('what cannot be is told with its exit code, and a dry run writes nothing', async () => {
  const server = await alpaca();
  const workdir = await Workdir.make();
  const code = async (args: string, env: Record<string, string> = {}) => {
    const ended = await quotes(workdir, server, args, { env });
    return [ended.code, ended.stderr] as const;
  };
  const dry = await quotes(workdir, server, 'import AAPL 2024-06-10 2024-06-13 --dry-run --json');
  const estimate = JSON.parse(dry.stdout);
  expect(estimate).toMatchObject({ todo: 4, there: 0, per_minute: 10_000, dry_run: true });
  expect(estimate.quotes).toBeGreaterThan(4 * QUOTES_A_DAY * 0.4);
  expect(estimate.quotes).toBeLessThan(4 * QUOTES_A_DAY * 2.5);
  expect(workdir.has('quotes')).toBe(false);

  const month = await quotes(workdir, server, 'import AAPL 2024-06 --dry-run --json');
  expect(JSON.parse(month.stdout)).toMatchObject({ todo: 9, pending: 10 });

  const [unknown, why] = await code('import ZZZZ 2024-06-10 2024-06-12');
  expect([unknown, why]).toEqual([3, expect.stringContaining('invalid symbol: ZZZZ (HTTP 400)')]);
  expect((await code('import AAPL 2024-06-12 2024-06-10'))[0]).toBe(2);
  expect((await code('import AAPL 2024-06-12 --reduce half'))[0]).toBe(2);
  expect((await code('import AAPL 2024-06-12 --sandbox', { BULK_IMPORT_BATCH_SIZE: 'x' }))[0]).toBe(2);
  expect((await code('import AAPL 2024-06-12', { HISTORICAL_DATA_PATH: 'history' }))[0]).toBe(0);
  expect(workdir.has('history', 'alpaca-sip', 'AAPL', '2024', '06', '2024-06-12.parquet')).toBe(true);
  expect((await code('import AAPL 2024-06-12', { APCA_API_KEY_ID: '', APCA_API_SECRET_KEY: '' }))[0]).toBe(4);
  expect((await code('import AAPL 2024-06-12', { APCA_API_SECRET_KEY: 'wrong-secret' }))[0]).toBe(4);
  const [refused, said] = await code('import AAPL 2024-06-12', {
    APCA_API_DATA_URL: 'http://me:my-password@127.0.0.1:1',
  });
  expect(refused).toBe(2);
  expect(said).not.toContain('my-password');
  expect((await code('import AAPL 2024-06-12', { APCA_API_DATA_URL: 'http://127.0.0.1:1' }))[0]).toBe(5);
}, 60_000);

it('the archive’s quotes become the same table; a day that it lacks is told with the command that fetches it', async () => {
  const workdir = await Workdir.make();
  const header =
    'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp';
  const second = 1718200800n * 1_000_000_000n;
  const line = (ticker: string, sequence: number, ns: bigint, bid: string, ask: string) =>
    `${ticker},12,${ask},3,11,${bid},5,"1,81",604,${ns},${sequence},${ns},3,0`;
  await archived(
    workdir,
    'stocks_quotes',
    '2024-06-12',
    [
      line('AAPL', 7, second + 1n, '10.01', '10.02'),
      line('AAPL', 9, second + 5n, '0', '10.02'),
      line('AAPL', 8, second + 5n, '10.015', '10.020001'),
      line('AAPLX', 1, second, '1', '2'),
    ],
    header,
  );
  const ended = await workdir.verb('quotes import AAPL 2024-06-12 2024-06-13 --from massive');
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain('barloom populate -t stocks_quotes --start 2024-06-13');
  const rows = await rowsOf(workdir, 'massive-sip/AAPL/2024/06/2024-06-12.parquet');
  expect(rows.map((row) => [row['ts_ns'], row['ord'], row['sequence_number'], row['bid_price']])).toEqual([
    [second + 1n, 0n, 7n, 10.01],
    [second + 5n, 0n, 8n, 10.015],
    [second + 5n, 1n, 9n, 0],
  ]);
  expect(rows[1]).toMatchObject({ ask_price: 10.020001, conditions: '1,81', bid_exchange: '11', tape: '3' });

  const exported = await workdir.verb('export AAPL -t stocks_quotes --reduce second:best');
  const lines = exported.stdout.trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(',12,10.02,3,11,10.015,5,');
  expect(lines[1]).toContain(`,${second},`);
  expect(exported.stderr).toContain('2 quotes left out, 1 kept.');
}, 60_000);

it('two imports of one folder do not mix, nor do two servers in one table', async () => {
  const server = await alpaca({ latencyMs: 200 });
  const workdir = await Workdir.make();
  let other: Promise<{ readonly code: number | null; readonly stderr: string }> | undefined;
  const first = await quotes(workdir, server, 'import AAPL 2024-06-12', {
    // Held while the other runs, however slow the machine is.
    onStderr: (_, child) => {
      if (other !== undefined) return;
      child.kill('SIGSTOP');
      other = quotes(workdir, server, 'import MSFT 2024-06-12').finally(() => child.kill('SIGCONT'));
    },
  });
  const second = await other;
  expect([first.code, second?.code]).toEqual([0, 11]);
  expect(second?.stderr).toContain('barloom quotes import');
  const stranger = await alpaca({ seed: 2 });
  const mixed = await quotes(workdir, stranger, 'import MSFT 2024-06-12');
  expect(mixed.code).toBe(2);
  expect(mixed.stderr).toContain('was filled from');
}, 60_000);
