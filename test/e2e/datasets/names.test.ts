/**
 * Tickers as they come: lacking the prefix, with two of them, odd contracts, names that differ in case only,
 * an unsorted file.
 */
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '#sandbox/start.js';
import { Workdir } from '../../support/workdir.js';
import { command, DAY_BEFORE, seriesFiles } from './folder.js';
import { type Described, keyOf, named } from './small-market.js';

const DAY = '2026-10-30';
/** Midnight in New York, and in UTC. */
const STAMP = { 'America/New_York': '1793332800000000000', UTC: '1793318400000000000' };

function textOf({ header, zone }: Described, tickers: readonly string[]): string {
  const rows = tickers.map((ticker, n) =>
    header === 'ticker,open,close,high,low,window_start'
      ? `${ticker},${n + 2},${n + 2},${n + 3},${n + 1},${STAMP[zone]}`
      : `${ticker},${100 + n},${n + 2},${n + 2},${n + 3},${n + 1},${STAMP[zone]},1`,
  );
  return `${header}\n${rows.join('\n')}\n`;
}

async function folderOf(
  name: string,
  tickers: readonly string[],
  ...more: readonly string[]
): Promise<Workdir> {
  const dataset = named(name);
  const objects = new Map([[keyOf(dataset, DAY), gzipSync(textOf(dataset, tickers))]]);
  const missing = ['2026-10', '2026-11'].flatMap((month) =>
    Array.from({ length: 31 }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`),
  );
  const sandbox = await startSandbox({ now: new Date('2026-11-04T17:00:00Z'), tickers: 0, missing, objects });
  onTestFinished(() => sandbox.close());
  const work = await Workdir.make();
  work.now = DAY_BEFORE;
  const args = ['populate', '-t', name, '--start', DAY, '--end', DAY, ...more];
  const { code, stderr } = await command(work, args, sandbox);
  expect(code, stderr).toBe(0);
  return work;
}

it.each([
  [
    'indices_daily',
    ['I:', 'I:A/B', 'I:I:SPX', 'I:SPX', 'I:SPx', 'I:spx', 'I:..', 'SPX', 'I', 'C:SPX'],
    ['%', 'A%2FB', 'I%3ASPX', 'SPX', 'SP_x', '_s_p_x', '%2E.', '~SPX', '~I', '~C%3ASPX'],
  ],
  ['forex_minute', ['C:EUR-USD', 'EUR-USD', 'C:eur-USD'], ['EUR-USD', '~EUR-USD', '_e_u_r-USD']],
  [
    'crypto_daily',
    ['X:BTC-USD', 'X:btc-usd', 'X:CON.X', 'X:1INCH-USD'],
    ['BTC-USD', '_b_t_c-_u_s_d', '%43ON.X', '1INCH-USD'],
  ],
])(
  '%s: each ticker has a file of its own, also on a file system that takes a for A',
  async (name, tickers, stems) => {
    const dataset = named(name);
    const work = await folderOf(name, tickers);
    const files = Object.keys(seriesFiles(work, dataset));
    const suffix = dataset.kind === 'daily' ? '_1d_data.csv' : '_1m_data.csv';
    expect(files.sort()).toEqual(stems.map((stem) => `${name}/${stem}${suffix}`).sort());
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(tickers.length);
    for (const [n, stem] of stems.entries()) {
      const [, line = ''] = work.read('data_cache', `${name}/${stem}${suffix}`).split('\n');
      expect(line.split(',').slice(1, 5), stem).toEqual([n + 2, n + 3, n + 1, n + 2].map(String));
    }
    const listed = await command(work, ['tickers', '-t', name]);
    expect(listed.stdout.trim().split('\n').sort()).toEqual([...tickers].sort());
  },
);

it('contracts: of an underlying those whose root it is, and nothing else', async () => {
  const own = ['O:AB261218C00001000', 'O:AB261218P99999999', 'O:AB1261218C00000001', 'O:AB12261218C00012500'];
  const others = [
    // Lies among those of AB by its bytes.
    'O:AB1CD261218C00001000',
    'O:ABC261218C00001000',
    'O:A261218C00001000',
    // No contracts: a day that is none, lower case, a root too long, no strike.
    'O:AB261318C00001000',
    'O:ab261218C00001000',
    'O:ABCDEFG261218C00001000',
    'O:AB',
  ];
  // Without the vendor's prefix it is nobody's.
  const bare = 'AB261218C00001000';
  const work = await folderOf('options_daily', [...own, ...others, bare].reverse(), '--underlying', 'AB');
  const files = seriesFiles(work, named('options_daily'));
  expect(Object.keys(files)).toEqual(['options_daily/AB_1d_data.csv']);
  const lines = Object.values(files)[0]?.trimEnd().split('\n') ?? [];
  expect(lines.map((line) => line.split(',').slice(0, 5).join(','))).toEqual([
    'Date,Contract,Expiry,Right,Strike',
    `${DAY},AB12261218C00012500,2026-12-18,C,12.5`,
    `${DAY},AB1261218C00000001,2026-12-18,C,0.001`,
    `${DAY},AB261218C00001000,2026-12-18,C,1`,
    `${DAY},AB261218P99999999,2026-12-18,P,99999.999`,
  ]);
  const all = await command(work, ['rebuild', '-t', 'options_daily', '--all-tickers']);
  expect(all.code, all.stderr).toBe(0);
  expect(seriesFiles(work, named('options_daily'))['options_daily/AB_1d_data.csv']).toBe(
    Object.values(files)[0],
  );
  expect(Object.keys(seriesFiles(work, named('options_daily'))).sort()).toEqual(
    ['AB', 'AB1CD', 'ABC', 'A', '~AB'].map((stem) => `options_daily/${stem}_1d_data.csv`).sort(),
  );
});
