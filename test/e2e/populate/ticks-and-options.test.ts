/**
 * Trades, whose conditions are quoted lists, and contracts, whose series are of their underlying, through the
 * real command.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { HEADER, market, Workdir } from '../../support/workdir.js';

const DAY = '2024-06-12';
const OPEN = Date.parse(`${DAY}T13:30:00Z`) / 1000;

function keyIn(prefix: string): string {
  return `${prefix}/2024/06/${DAY}.csv.gz`;
}

it('trades: every one, in order of their moments, with the vendor’s fields; the archive holds its text', async () => {
  const columns =
    'ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp';
  const trade = (ticker: string, n: number): string =>
    `${ticker},${n % 2 === 0 ? '"12,37"' : ''},0,11,${n},${OPEN + n}000000001,${100 + n}.2500,${n},${OPEN + n}00000000${n % 10},${n},3,0,0\n`;
  const text = `${columns}\n${['A', 'AAPL', 'Z'].map((ticker) => Array.from({ length: 20_000 }, (_, n) => trade(ticker, n)).join('')).join('')}`;
  const sandbox = await market({ objects: new Map([[keyIn('us_stocks_sip/trades_v1'), gzipSync(text)]]) });
  const work = await Workdir.make(sandbox);
  const args = `-t stocks_trades --start ${DAY} --end ${DAY} --tickers AAPL`;
  const { code, stderr } = await work.populate(args);
  expect(code, stderr).toBe(0);
  const archive = work.at('massive_cache', 'stocks_trades', `${DAY}.csv.gz`);
  expect(gunzipSync(readFileSync(archive)).toString()).toBe(text);
  const lines = work.read('data_cache', 'stocks_trades', 'AAPL_trades_data.csv').split('\n');
  expect(lines[0]).toBe(columns.replace('ticker', 'Datetime'));
  expect(lines[1]).toBe(
    `${DAY} 09:30:00.000000000-04:00,"12,37",0,11,0,${OPEN}000000001,100.25,0,${OPEN}000000000,0,3,0,0`,
  );
  expect(lines[2]).toBe(
    `${DAY} 09:30:01.000000001-04:00,,0,11,1,${OPEN + 1}000000001,101.25,1,${OPEN + 1}000000001,1,3,0,0`,
  );
  expect(lines).toHaveLength(20_002);
  expect((await work.populateJson(args)).summary.requests.get).toBe(0);
  expect((await work.verb('verify --deep -t stocks_trades')).code).toBe(0);
});

it('options: all contracts on an underlying, adjusted ones too, and no other root’s', async () => {
  const roots = ['AB', 'AB1', 'ABC', 'SPY', 'SPYG'];
  const contracts = roots
    .flatMap((root) => ['C', 'P'].map((right) => `O:${root}240621${right}00062500`))
    .sort();
  const bar = (contract: string, n: number): string =>
    `${contract},${n + 1},1.5,1.6,2,1.000000,${OPEN + 60 * n}000000000,1\n`;
  const text =
    HEADER +
    contracts.map((contract) => Array.from({ length: 390 }, (_, n) => bar(contract, n)).join('')).join('');
  const sandbox = await market({
    objects: new Map([[keyIn('us_options_opra/minute_aggs_v1'), gzipSync(text)]]),
  });
  const work = await Workdir.make(sandbox);
  const { code, stderr } = await work.populate(
    `-t options_minute --start ${DAY} --end ${DAY} --tickers O:AB,O:SPY`,
  );
  expect(code, stderr).toBe(0);
  const series = (name: string): readonly string[] =>
    work.read('data_cache', 'options_minute', `${name}_1m_data.csv`).split('\n');
  const spy = series('SPY');
  expect(spy[0]).toBe('Datetime,Contract,Expiry,Right,Strike,Open,High,Low,Close,Volume');
  expect(spy[1]).toBe(`${DAY} 09:30:00-04:00,SPY240621C00062500,2024-06-21,C,62.5,1.5,2,1,1.6,1`);
  expect(spy).toHaveLength(2 + 2 * 390);
  expect(series('AB')).toHaveLength(2 + 4 * 390);
  expect((await work.verb('verify --deep -t options_minute')).code).toBe(0);
});
