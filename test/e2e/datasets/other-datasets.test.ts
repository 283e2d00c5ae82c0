/**
 * Datasets of other shapes than bars and consolidated ticks, with the real command: coins' trades,
 * currencies' quotes, futures, and prefixes that nobody has described. What stands in the series and in an
 * export is what csv-parse reads out of the vendor's text.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { datasets } from '#market/datasets/all.js';
import { market, Workdir } from '../../support/workdir.js';
import { command } from './folder.js';

const DAY = '2024-06-12';
/** 2024-06-12 00:00:00 UTC. */
const MIDNIGHT = 1_718_150_400;
const RANGE = ['--start', DAY, '--end', DAY] as const;

const stamp = (seconds: number, nanoseconds = 0): string =>
  `${MIDNIGHT + seconds}${String(nanoseconds).padStart(9, '0')}`;

const TEXTS: Readonly<Record<string, string>> = {
  // Unsorted, a column of lists, exponents and more decimals than a float holds.
  'global_crypto/trades_v1': [
    'Ticker,conditions,exchange,id,participant_timestamp,price,size',
    `X:SHIB-USD,2,1,a,${stamp(0)},5.2e-7,100000`,
    `X:BTC-USD,"1,2",1,b,${stamp(86_399, 999_999_999)},67363.950000000001,0.000000010000000000001`,
    `X:BTC-USD,1,23,c,${stamp(1)},67363.950000,1e-8`,
  ].join('\n'),
  'global_forex/quotes_v1': [
    'ticker,ask_exchange,ask_price,bid_exchange,bid_price,participant_timestamp',
    `C:EUR-USD,48,1.0741,48,1.074,${stamp(5, 1_000_000)}`,
    `C:EUR-USD,48,1.0742,48,1.0741,${stamp(5, 1_000_000)}`,
  ].join('\n'),
  // A session that began on the evening before, and one that settled below zero without a trade.
  'us_futures_nymex/session_aggs_v1': [
    'ticker,session_end_date,window_start,open,high,low,close,volume,transactions,dollar_volume,settlement_price',
    `CLN4,${DAY},${stamp(-7200)},78.010000,79.1,77.5,78.50,301234,9876,23646869.0,78.5`,
    `CLK0,${DAY},${stamp(-7200)},-0.01,10.5,-40.32,-37.63,247947,1,1,-37.63`,
    `GCQ4,${DAY},,,,,,0,0,0,2354.80`,
  ].join('\n'),
  'us_futures_cme/minute_aggs_v1': [
    'ticker,exchange,session_end_date,window_start,open,high,low,close,volume,transactions,dollar_volume',
    `ESU4,4,${DAY},${stamp(-7200)},5400.25,5401,5400,5400.75,12,9,64805.0`,
    `ESU4,4,${DAY},${stamp(52_200)},5433.5,5434.250000,5433,5434,1200,800,6519600`,
  ].join('\n'),
  'us_futures_cbot/trades_v1': `ticker,timestamp,price,size,session_end_date\nZCZ4,${stamp(3)},446.25,2,${DAY}\n`,
  'us_indices/values_v1': `ticker,timestamp,value\nI:SPX,${stamp(50_000)},5375.3200000000000001\n`,
  // Nobody has heard of it: other columns on another day.
  'us_new/thing_v1': `mood,ticker,Level\n"calm, so far",ZZZ,1e-21\nworse,AAA,2\nbetter,AAA,3.50\n`,
};

const NAMES: Readonly<Record<string, string>> = {
  crypto_trades: 'global_crypto/trades_v1',
  forex_quotes: 'global_forex/quotes_v1',
  futures_nymex_daily: 'us_futures_nymex/session_aggs_v1',
  futures_cme_minute: 'us_futures_cme/minute_aggs_v1',
  futures_cbot_trades: 'us_futures_cbot/trades_v1',
  indices_values: 'us_indices/values_v1',
  'us_new/thing_v1': 'us_new/thing_v1',
};

const key = (prefix: string, day = DAY): string =>
  `${prefix}/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;

async function filled() {
  const objects = new Map(Object.entries(TEXTS).map(([prefix, text]) => [key(prefix), gzipSync(text)]));
  const sandbox = await market({ objects });
  const work = await Workdir.make(sandbox);
  const names = Object.keys(NAMES).join(',');
  const args = ['populate', '-t', names, ...RANGE, '--tickers', 'X:BTC-USD,X:SHIB-USD,C:EUR-USD'];
  const { code, stderr } = await command(work, args, sandbox);
  expect(code, stderr).toBe(0);
  return { work, sandbox };
}

type Record_ = Readonly<Record<string, string>>;

/** Records in the order of their tickers, with the names of the columns in lower case. */
function recordsOf(text: string): readonly Record_[] {
  const names = (header: string[]): string[] => header.map((name) => name.toLowerCase());
  const records = parse(text, { columns: names }) as Record_[];
  return records.toSorted((a, b) =>
    Buffer.compare(Buffer.from(a['ticker'] ?? ''), Buffer.from(b['ticker'] ?? '')),
  );
}

it('every prefix of the vendor is a dataset of its own', () => {
  const prefixes = [...datasets.values()].map(({ prefix }) => prefix);
  expect(new Set(prefixes).size).toBe(33);
  const archives = [...datasets.values()].map(({ folder }) => folder);
  expect(new Set(archives).size).toBe(33);
});

it('archive, series, export, rebuild and verify are what the vendor says', { timeout: 240_000 }, async () => {
  const { work, sandbox } = await filled();
  for (const [name, prefix] of Object.entries(NAMES)) {
    const file = work.at('massive_cache', name, `${DAY}.csv.gz`);
    const text = TEXTS[prefix] ?? '';
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    expect(lines.toSorted(), name).toEqual(text.trimEnd().split('\n').toSorted());
  }
  const series = (name: string, file: string): string => work.read('data_cache', name, file);
  expect(series('crypto_trades', 'BTC-USD_trades_data.csv')).toBe(
    'Datetime,conditions,exchange,id,participant_timestamp,price,size\n' +
      `2024-06-12 00:00:01.000000000+00:00,1,23,c,${stamp(1)},67363.95,1e-8\n` +
      `2024-06-12 23:59:59.999999999+00:00,"1,2",1,b,${stamp(86_399, 999_999_999)},67363.950000000001,0.000000010000000000001\n`,
  );
  expect(series('crypto_trades', 'SHIB-USD_trades_data.csv')).toContain(`,a,${stamp(0)},5.2e-7,100000\n`);
  expect(series('forex_quotes', 'EUR-USD_quotes_data.csv').split('\n').length).toBe(4);
  // The date is that of the file, also where the session began before it; each column by its name.
  expect(series('futures_nymex_daily', 'CLN4_1d_data.csv')).toBe(
    'Date,Open,High,Low,Close,Volume,settlement_price,dollar_volume,transactions,session_end_date,window_start\n' +
      `${DAY},78.01,79.1,77.5,78.5,301234,78.5,23646869,9876,${DAY},${stamp(-7200)}\n`,
  );
  expect(series('futures_nymex_daily', 'CLK0_1d_data.csv')).toContain(
    `${DAY},-0.01,10.5,-40.32,-37.63,247947,-37.63,`,
  );
  expect(series('futures_nymex_daily', 'GCQ4_1d_data.csv')).toContain(
    `${DAY},,,,,0,2354.8,0,0,,\n`.replace(',0,0,,', `,0,0,${DAY},`),
  );
  expect(series('futures_cme_minute', 'ESU4_1m_data.csv')).toBe(
    'Date,Open,High,Low,Close,Volume,dollar_volume,transactions,exchange,session_end_date,window_start\n' +
      `${DAY},5400.25,5401,5400,5400.75,12,64805,9,4,${DAY},${stamp(-7200)}\n` +
      `${DAY},5433.5,5434.25,5433,5434,1200,6519600,800,4,${DAY},${stamp(52_200)}\n`,
  );
  const shown = await command(work, [
    'show',
    'CLN4',
    '-t',
    'futures_nymex_daily',
    '--start',
    DAY,
    '--end',
    DAY,
    '--json',
  ]);
  expect(shown.code, shown.stdout).toBe(0);
  expect(JSON.parse(shown.stdout).datasets[0]).toMatchObject({
    figures: { last: { price: '78.5', day: DAY } },
    rows: [{ date: DAY, open: '78.01', high: '79.1', low: '77.5', close: '78.5', volume: '301234' }],
  });
  for (const name of ['futures_cbot_trades', 'indices_values', 'us_new/thing_v1']) {
    expect(work.has('data_cache', name), name).toBe(false);
    const records = recordsOf(TEXTS[NAMES[name] ?? ''] ?? '');
    const tickers = [...new Set(records.map(({ ticker = '' }) => ticker))];
    const { code, stdout, stderr } = await command(work, ['export', '-t', name, ...tickers]);
    expect(code, stderr).toBe(0);
    const exported = parse(stdout, { columns: true }) as Record_[];
    const wanted = records.map(({ ticker, ...others }) => ({ Ticker: ticker, Date: DAY, ...others }));
    expect(exported.map(trimmed), name).toEqual(wanted.map(trimmed));
    const added = await command(work, ['add', '-t', name, tickers[0] ?? '']);
    expect([added.code, added.stderr]).toEqual([2, expect.stringContaining('has no series')]);
  }
  const before = work.tiers();
  const names = Object.keys(NAMES).join(',');
  const verified = await command(work, ['verify', '--deep', '-t', names, '--json']);
  expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  const rebuilt = await command(work, [
    'rebuild',
    '-t',
    'crypto_trades,forex_quotes,futures_nymex_daily,futures_cme_minute',
  ]);
  expect(rebuilt.code, rebuilt.stderr).toBe(0);
  expect(work.tiers()).toEqual(before);
  const again = await command(work, ['populate', '-t', names, ...RANGE, '--json'], sandbox);
  expect(again.code, again.stderr).toBe(0);
  for (const { dataset, days } of JSON.parse(again.stdout).datasets) expect(days.unchanged, dataset).toBe(1);
});

/** Useless zeros behind a point say nothing. */
function trimmed(record: object): object {
  return Object.fromEntries(
    Object.entries(record).map(([name, text]) => [
      name,
      /^\d+\.\d*0$/.test(String(text)) ? String(text).replace(/\.?0+$/, '') : text,
    ]),
  );
}

it('upkeep knows the folder of an unknown prefix', { timeout: 120_000 }, async () => {
  const { work } = await filled();
  const status = await command(work, ['status', '-t', 'us_new/thing_v1', '--json']);
  expect(JSON.parse(status.stdout).datasets).toMatchObject([
    { dataset: 'us_new/thing_v1', days: { done: 1 } },
  ]);
  const moved = await command(work, ['move-archive', `${work.root}/elsewhere`]);
  expect(moved.code, moved.stderr).toBe(0);
  expect(work.has('massive_cache')).toBe(false);
  const { code, stdout } = await command(work, [
    'export',
    '-t',
    'us_new/thing_v1',
    'ZZZ',
    '--format',
    'ndjson',
  ]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ ticker: 'ZZZ', date: DAY, mood: 'calm, so far', level: '1e-21' });
});

it('status, the lake and SQL know each of them, whatever it is called', { timeout: 120_000 }, async () => {
  const { work } = await filled();
  const status = JSON.parse((await command(work, ['status', '--json'])).stdout) as {
    datasets: readonly { readonly dataset: string }[];
  };
  const names = Object.keys(NAMES).toSorted();
  expect(status.datasets.map(({ dataset }) => dataset).toSorted()).toEqual(names);
  const built = await command(work, ['lake', 'build']);
  expect(built.code, built.stderr).toBe(0);
  expect((await command(work, ['lake', 'verify'])).code).toBe(0);
  const asked = async (query: string) => (await command(work, ['sql', query])).stdout;
  expect(await asked('SELECT ticker, ts_ns, price, size FROM crypto_trades ORDER BY ts_ns, ticker')).toBe(
    `ticker,ts_ns,price,size\nX:SHIB-USD,${stamp(0)},5.2e-7,100000\nX:BTC-USD,${stamp(1)},67363.95,1e-8\n` +
      `X:BTC-USD,${stamp(86_399, 999_999_999)},67363.95,1.0000000000001e-8\n`,
  );
  expect(
    await asked("SELECT close, settlement_price, ts_ns FROM futures_nymex_daily WHERE ticker = 'CLK0'"),
  ).toBe(`close,settlement_price,ts_ns\n-37.63,-37.63,${stamp(-7200)}\n`);
  expect(await asked('SELECT ticker, date, mood, level FROM us_new_thing_v1 ORDER BY ticker, level')).toBe(
    `ticker,date,mood,level\nAAA,${DAY},worse,2\nAAA,${DAY},better,3.50\nZZZ,${DAY},"calm, so far",1e-21\n`,
  );
  for (const table of ['forex_quotes', 'futures_cme_minute', 'futures_cbot_trades', 'indices_values'])
    expect((await asked(`SELECT count(*) AS n FROM ${table} WHERE ts IS NOT NULL`)).split('\n')[1]).not.toBe(
      '0',
    );
});
