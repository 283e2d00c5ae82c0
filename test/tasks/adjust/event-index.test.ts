/** What is laid out by ticker is what the tables say, and is not believed where it is of others or damaged. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDuck } from '#store/lake/duckdb.js';
import { heldTables } from '#store/tables/layout.js';
import { tickerIndexFile } from '#store/tables/ticker-index.js';
import { indexedTickers, refreshEventIndex } from '#tasks/adjust/event-index.js';
import { readActions } from '#tasks/adjust/read-actions.js';
import { historiesIn, namesUntilNow } from '#tasks/identity/history.js';
import { readIdentity } from '#tasks/identity/read-identity.js';
import { writeTables } from '../../support/tables.js';
import { Workdir } from '../../support/workdir.js';

const change = (asked: string, date: string, ticker: string) => ({
  asked, date, ticker, type: 'ticker_change', name: 'Meta', composite_figi: 'BBG000MM2P62',
}); // biome-ignore format: a record
const many = Array.from({ length: 60 }, (_, i) => `T${i}`);
const TABLES = {
  splits: [
    { id: 'a', ticker: 'FB', execution_date: '2022-06-07', split_from: 1, split_to: 2 },
    { id: 'b', ticker: 'META', execution_date: '2022-01-10', split_from: null, split_to: 10 },
    { id: 'c', ticker: 'BRK.B', execution_date: '2010-01-21', split_from: '1e0', split_to: '50' },
  ],
  dividends: [
    { id: 'e', ticker: 'AAPL', ex_dividend_date: '2024-02-09', cash_amount: '0.24', currency: 'USD' },
    { id: 'd', ticker: 'AAPL', ex_dividend_date: '2024-02-09', cash_amount: '0.1', currency: null },
    { id: 'f', ticker: 'aA', ex_dividend_date: '2024-02-09', cash_amount: null, currency: '' },
    ...many.map((ticker, i) => ({
      ...{ id: ticker, ticker, ex_dividend_date: '2023-05-05', cash_amount: `${i}.000000000000000001` },
      ...{ historical_adjustment_factor: 0.987654, split_adjusted_cash_amount: '0.333333' },
    })),
  ],
  tickers: [
    { ticker: 'META', market: 'stocks', active: true, name: 'Meta', composite_figi: 'BBG000MM2P62' },
    {
      ...{ ticker: 'META', market: 'stocks', active: false, name: 'A fund' },
      ...{ composite_figi: 'BBG0115F8TW6', delisted_utc: '2022-01-31 05:00:00' },
    },
    { ticker: 'AAPL', market: 'stocks', active: true, name: 'Apple', composite_figi: 'BBG000B9XRY4' },
  ],
  ticker_events: [change('META', '2012-05-18', 'FB'), change('META', '2022-06-09', 'META')],
};
const NAMES = ['AAPL', 'META', 'FB', 'BRK.B', 'aA', 'NONE', ...many];

async function filled() {
  const { data: dataDir } = await Workdir.make();
  await mkdir(dataDir, { recursive: true });
  await writeTables(dataDir, TABLES);
  const duck = await openDuck({ memoryBytes: 128e6, threads: 1, spillFolder: '' });
  onTestFinished(() => duck.close());
  const layout = { dataDir };
  const refresh = () => refreshEventIndex({ layout, duck, checkLock: async () => undefined });
  return { layout, duck, refresh };
}

describe('events by ticker', () => {
  it('are those of the tables, to the digit, for every ticker', async () => {
    const { layout, duck, refresh } = await filled();
    expect(indexedTickers(layout, NAMES)).toBeUndefined();
    expect(await refresh()).toBe(true);
    expect(await refresh()).toBe(false);
    const found = indexedTickers(layout, NAMES);
    const actions = await readActions(layout, NAMES, duck);
    const histories = historiesIn(await readIdentity(layout, NAMES, duck));
    expect(found).toBeDefined();
    for (const name of NAMES) {
      expect(found?.get(name)?.actions, name).toEqual(actions.get(name));
      const owners = histories(name);
      const isPlain = owners.length < 2 && owners.every(({ names }) => names.length < 2);
      expect(found?.get(name)?.owners ?? [], name).toEqual(isPlain ? [] : owners);
      expect(namesUntilNow(name, found?.get(name)?.owners ?? [])).toEqual(namesUntilNow(name, owners));
    }
    expect(namesUntilNow('META', found?.get('META')?.owners ?? [])).toHaveLength(2);
  });

  it('are not believed once a table has changed, and made again', async () => {
    const { layout, refresh } = await filled();
    await refresh();
    const more = { id: 'z', ticker: 'FB', execution_date: '2023-07-03', split_from: 1, split_to: 3 };
    await writeTables(layout.dataDir, { splits: [more] });
    expect(indexedTickers(layout, ['FB'])).toBeUndefined();
    expect(await refresh()).toBe(true);
    expect(indexedTickers(layout, ['FB'])?.get('FB')?.actions?.splits).toHaveLength(2);
  });

  it('a damaged byte anywhere is never another answer', async () => {
    const { layout, refresh } = await filled();
    await refresh();
    const file = tickerIndexFile(layout);
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at += 37) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(file, damaged);
      expect(indexedTickers(layout, NAMES), `byte ${at}`).toBeUndefined();
    }
    writeFileSync(file, whole.subarray(0, whole.length >> 1));
    expect(indexedTickers(layout, NAMES)).toBeUndefined();
    expect(await refresh()).toBe(true);
    expect(readFileSync(file).equals(whole)).toBe(true);
  });

  it('the tables are there while somebody holds their lock', async () => {
    const { layout } = await filled();
    writeFileSync(path.join(layout.dataDir, 'tables', '.barloom.lock'), '{}');
    expect([...heldTables(layout)].sort()).toEqual(Object.keys(TABLES).sort());
  });
});
