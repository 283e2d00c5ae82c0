/**
 * features build: the documented formulas by an independent computation, and an incremental build that equals
 * a full one.
 */
import { expect, it } from 'vitest';
import { addDays, weekday } from '#market/calendar/iso-day.js';
import { archived, midnight, type Row } from '../../support/lake.js';
import { Workdir } from '../../support/workdir.js';

/** Weekdays from 2024-01-01 on; the calendar's holidays do not matter to a hand-made market. */
const DAYS = Array.from({ length: 90 }, (_, i) => addDays('2024-01-01', i)).filter(
  (day) => ![0, 6].includes(weekday(day)),
);

interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

const bar = (i: number, scale: number): Bar => {
  const close = Math.round(scale * (100 + 7 * Math.sin(i) + i / 3) * 100) / 100;
  return { open: close - 0.5, high: close + 1, low: close - 1.25, close, volume: 1000 + ((i * 37) % 500) };
};

const line = (ticker: string, day: string, { open, high, low, close, volume }: Bar): string =>
  `${ticker},${volume},${open},${close},${high},${low},${midnight(day)},7`;

/** LATE trades only from time to time: nothing is derived over its gaps. */
async function market(workdir: Workdir, days: readonly string[], scale = 1): Promise<void> {
  for (const day of days) {
    const i = DAYS.indexOf(day);
    const late = i % 5 === 0 ? [line('LATE', day, bar(i, 2))] : [];
    await archived(workdir, '', day, [line('AAA', day, bar(i, scale)), ...late]);
  }
}

async function features(workdir: Workdir, table = 'stocks_daily_features'): Promise<readonly Row[]> {
  const { stdout } = await workdir.run([
    'sql',
    `from ${table} order by ticker, date, ts_ns`,
    '--format',
    'ndjson',
    '--data-dir',
    workdir.data,
  ]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Row);
}

it('each formula gives what its description says, and nothing where history lacks', async () => {
  const workdir = await Workdir.make();
  const days = DAYS.slice(0, 30);
  await market(workdir, days);
  await workdir.verb('lake build');
  expect((await workdir.verb('features build')).code).toBe(0);
  expect((await workdir.verb('lake status -t stocks_daily')).stdout).toMatch(
    /stocks_daily, silver\n {2}size .* in 2 files, 2024-01 to 2024-02/,
  );
  const rows = await features(workdir);
  const bars = days.map((_, i) => bar(i, 1));
  const closes = bars.map(({ close }) => close);
  const back = (i: number, n: number): number | undefined => closes[i - n];
  const log = (i: number, n: number): number | undefined => {
    const then = back(i, n);
    return then === undefined ? undefined : Math.log((closes[i] as number) / then);
  };
  rows
    .filter(({ ticker }) => ticker === 'AAA')
    .forEach((row, i) => {
      const { open, high, low, close, volume } = bars[i] as Bar;
      const returns = Array.from({ length: 20 }, (_, k) => (i - k < 0 ? undefined : log(i - k, 1)));
      const known = returns.filter((one) => one !== undefined);
      const mean = known.reduce((sum, one) => sum + one, 0) / 20;
      const deviation =
        known.length < 20
          ? undefined
          : Math.sqrt(known.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 19);
      const before = bars.slice(Math.max(0, i - 20), i).reduce((sum, one) => sum + one.volume, 0);
      const simple = (n: number): number | undefined =>
        i < n ? undefined : close / (back(i, n) as number) - 1;
      const expected: Readonly<Record<string, number | undefined>> = {
        returns_1d: log(i, 1),
        returns_5d: log(i, 5),
        returns_20d: log(i, 20),
        simple_returns_1d: simple(1),
        simple_returns_5d: simple(5),
        simple_returns_20d: simple(20),
        alpha_daily: log(i, 1),
        price_range: high - low,
        daily_return: (close - open) / open,
        gap: i < 1 ? undefined : open / (back(i, 1) as number) - 1,
        typical_price: (high + low + close) / 3,
        dollar_volume: close * volume,
        volume_ratio: i < 20 ? undefined : volume / (before / 20),
        volatility_20d: deviation,
        volatility_20d_annual: deviation === undefined ? undefined : deviation * Math.sqrt(252),
      };
      expect(Object.keys(row).slice(3).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, value] of Object.entries(expected)) {
        if (value === undefined) expect(row[name], `${name} of row ${i}`).toBeNull();
        else expect(row[name], `${name} of row ${i}`).toBeCloseTo(value, 10);
      }
    });
  for (const { ticker, returns_1d } of rows) if (ticker === 'LATE') expect(returns_1d).toBeNull();
});

it('an incremental build equals a full one, value by value, and makes only what depends on what has changed', async () => {
  const workdir = await Workdir.make();
  await market(workdir, DAYS.slice(0, 60));
  await workdir.verb('lake build');
  await workdir.verb('features build');
  await market(workdir, DAYS.slice(60));
  await market(workdir, DAYS.slice(40, 41), 1.5);
  await workdir.verb('lake build');
  const again = JSON.parse((await workdir.verb('features build --json')).stdout) as { datasets: Row[] };
  expect(again.datasets[0]).toMatchObject({ files: 2, unchanged: 1 });
  const incremental = await features(workdir);
  expect((await workdir.verb('features build')).stdout).toContain('nothing to do');
  await workdir.verb('features build --force');
  expect(await features(workdir)).toEqual(incremental);
  expect(incremental).toHaveLength(DAYS.length + DAYS.filter((_, i) => i % 5 === 0).length);
});

it('minutes look at their own day only, options at their underlying’s close', async () => {
  const workdir = await Workdir.make();
  const minute = (n: number, close: number): string =>
    `A,100,${close - 1},${close},${close + 1},${close - 2},${1704292200000000000n + BigInt(n) * 60_000_000_000n},4`;
  await archived(workdir, 'stocks_minute', '2024-01-03', [minute(0, 10), minute(1, 11)]);
  await archived(workdir, 'stocks_minute', '2024-01-04', [minute(1440, 12)]);
  await archived(workdir, '', '2024-01-03', [`BRK.B,1,1,400,500,1,${midnight('2024-01-03')},1`]);
  await archived(workdir, 'options_daily', '2024-01-03', [
    `O:BRKB240119C00500000,6,2,3,4,1,${midnight('2024-01-03')},2`,
  ]);
  await workdir.verb('lake build');
  expect((await workdir.verb('features build')).code).toBe(0);
  const [first, second, next] = await features(workdir, 'stocks_minute_features');
  expect([first?.['returns_1min'], next?.['returns_1min']]).toEqual([null, null]);
  expect(second?.['returns_1min']).toBeCloseTo(Math.log(11 / 10), 12);
  expect(second).toMatchObject({ avg_trade_size: 25, spread: 3 / 11, typical_price: 32 / 3 });
  expect(second?.['vwap_intraday']).toBeCloseTo((29 / 3 + 32 / 3) / 2, 12);
  const [contract] = await features(workdir, 'options_daily_features');
  expect(contract).toMatchObject({
    underlying_ticker: 'BRK.B',
    underlying_close: 400,
    moneyness: 1.25,
    days_to_expiry: 16,
    avg_trade_size: 3,
  });
});
