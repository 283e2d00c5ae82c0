/** data_cache/adjusted, kept up by the commands that change series. */
import { existsSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { dividends } from '#market/tables/actions.js';
import { filledOnce } from '../../support/filled-once.js';
import { miniRest, REST_KEY } from '../../support/mini-rest.js';
import { writeTables } from '../../support/tables.js';
import type { Workdir } from '../../support/workdir.js';

const filled = filledOnce('--start 2024-05-01 --end 2024-05-31 --tickers AAPL,MSFT');

const HEADER = 'Date,Open,High,Low,Close,Adj Close,Volume';
const dividend = (ticker: string, day: string, more = {}) => ({
  id: `${ticker} ${day}`,
  ticker,
  ex_dividend_date: day,
  cash_amount: 1,
  currency: 'USD',
  ...more,
});
const split = { id: 's', ticker: 'AAPL', execution_date: '2024-05-10', split_from: 1, split_to: 2 };

async function folder(): Promise<Workdir> {
  const { work } = await filled();
  await work.write('barloom.json', '{"adjusted": true}');
  await writeTables(work.data, { splits: [split], dividends: [dividend('MSFT', '2024-05-15')] });
  return work;
}

const rows = (work: Workdir, ...name: string[]) =>
  work
    .read('data_cache', ...name)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
const adjusted = (work: Workdir) =>
  Object.entries(work.times()).filter(([name]) => name.includes('adjusted') && name.endsWith('.csv'));

describe('adjusted series', () => {
  it('stand beside the raw ones as yfinance writes them; again is free; a new event rewrites its ticker alone', async () => {
    const work = await folder();
    const before = work.read('data_cache', 'AAPL_1d_data.csv');
    const first = await work.verb('rebuild');
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('adjusted     2 files written, 0 unchanged');
    expect(work.read('data_cache', 'AAPL_1d_data.csv')).toBe(before);
    expect(work.read('data_cache', 'adjusted', 'AAPL_1d_data.csv').split('\n')[0]).toBe(HEADER);
    const raw = rows(work, 'AAPL_1d_data.csv');
    const own = rows(work, 'adjusted', 'AAPL_1d_data.csv');
    expect(own.map(([day]) => day)).toEqual(raw.map(([day]) => day));
    for (const [i, [day = '', , , , close, adjClose]] of own.entries()) {
      const [, , , , rawClose, volume] = raw[i] ?? [];
      expect(Number(close)).toBeCloseTo(Number(rawClose) / (day < '2024-05-10' ? 2 : 1), 6);
      expect(adjClose).toBe(close);
      expect(Number(own[i]?.[6])).toBeCloseTo(Number(volume) * (day < '2024-05-10' ? 2 : 1), 4);
    }
    const msft = rows(work, 'adjusted', 'MSFT_1d_data.csv');
    expect(msft.filter(([, , , , close, adjClose]) => close !== adjClose).at(-1)?.[0]).toBe('2024-05-14');

    const times = adjusted(work);
    expect((await work.verb('rebuild')).stdout).toContain('adjusted     0 files written, 2 unchanged');
    expect(adjusted(work)).toEqual(times);

    await writeTables(work.data, {
      dividends: [dividend('MSFT', '2024-05-15'), dividend('AAPL', '2024-05-20')],
    });
    expect((await work.verb('rebuild')).stdout).toContain('adjusted     1 file written, 1 unchanged');
    const changed = adjusted(work).filter(
      ([name, time]) => times.find(([other]) => other === name)?.[1] !== time,
    );
    expect(changed.map(([name]) => name.endsWith('AAPL_1d_data.csv'))).toEqual([true]);
  });

  it('fetch that brings an event rewrites the ticker it touches; one that brings none opens nothing', async () => {
    const work = await folder();
    await work.verb('rebuild');
    const before = adjusted(work);
    const rest = await miniRest();
    const known = dividend('MSFT', '2024-05-15');
    rest.lists.set(dividends.path, [known, dividend('AAPL', '2024-05-20')]);
    const fetch = `fetch dividends --start 2024-01-01 --rest-endpoint ${rest.endpoint}`;
    const env = { MASSIVE_API_KEY: REST_KEY };
    const { code, stdout, stderr } = await work.verb(fetch, { env });
    expect([code, stdout], stderr).toEqual([
      0,
      expect.stringMatching(/adjusted +1 file written, 1 unchanged/),
    ]);
    const touched = adjusted(work).filter(
      ([name, time]) => before.find(([other]) => other === name)?.[1] !== time,
    );
    expect(touched.map(([name]) => name.endsWith('AAPL_1d_data.csv'))).toEqual([true]);
    expect((await work.verb(fetch, { env })).stdout).not.toContain('adjusted');
  });

  it('verify compares them with what series and events give, and --repair writes them again', async () => {
    const work = await folder();
    await work.verb('rebuild');
    const file = work.at('data_cache', 'adjusted', 'MSFT_1d_data.csv');
    const sound = work.read('data_cache', 'adjusted', 'MSFT_1d_data.csv');
    const { mtimeMs } = statSync(file);
    // In the middle of the millisecond that is recorded.
    const recorded = (Math.floor(mtimeMs) + 0.5) / 1000;
    writeFileSync(
      file,
      sound.replace(/\.(\d)/, (_, digit) => `.${(Number(digit) + 1) % 10}`),
    );
    utimesSync(file, recorded, recorded);
    const quick = await work.verb('verify --json');
    expect([quick.code, JSON.parse(quick.stdout).adjusted]).toEqual([
      0,
      { files: 2, waiting: 0, damage: [], repaired: false },
    ]);
    const deep = await work.verb('verify --deep');
    expect([deep.code, deep.stdout]).toEqual([
      7,
      expect.stringContaining('damage: data_cache/adjusted/MSFT_1d_data.csv has other rows'),
    ]);
    await rm(work.at('data_cache', 'adjusted', 'AAPL_1d_data.csv'));
    const repaired = await work.verb('verify --deep --repair --json');
    expect([repaired.code, JSON.parse(repaired.stdout).adjusted]).toMatchObject([
      0,
      { repaired: true, damage: [{ what: 'is gone' }, {}] },
    ]);
    expect(work.read('data_cache', 'adjusted', 'MSFT_1d_data.csv')).toBe(sound);
    expect((await work.verb('verify --deep')).stdout).toContain('adjusted  every row');
    await writeTables(work.data, {
      dividends: [dividend('MSFT', '2024-05-15'), dividend('AAPL', '2024-05-20')],
    });
    expect(JSON.parse((await work.verb('verify --deep --json')).stdout).adjusted).toMatchObject({
      waiting: 1,
      damage: [],
    });
  });

  it('what is deleted is made again, what has no series any more goes', async () => {
    const work = await folder();
    await work.verb('rebuild');
    await rm(work.at('data_cache', 'adjusted', 'MSFT_1d_data.csv'));
    await rm(work.at('data_cache', 'AAPL_1d_data.csv'));
    const { stdout } = await work.verb('rebuild MSFT');
    expect(stdout).toContain('adjusted     1 file written, 0 unchanged, 1 removed');
    expect(existsSync(work.at('data_cache', 'adjusted', 'AAPL_1d_data.csv'))).toBe(false);
  });

  it('populate keeps them up, and says so; without the setting there are none', async () => {
    const work = await folder();
    const { code, stdout } = await work.populate('--start 2024-05-01 --end 2024-06-03 --json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).adjusted).toMatchObject({ written: 2, unchanged: 0, removed: 0 });
    expect(rows(work, 'adjusted', 'AAPL_1d_data.csv').at(-1)?.[0]).toBe('2024-06-03');
    const other = (await filled()).work;
    await writeTables(other.data, { splits: [split] });
    expect((await other.verb('rebuild')).stdout).not.toContain('adjusted');
    expect(existsSync(other.at('data_cache', 'adjusted'))).toBe(false);
  });

  it('asked for without splits and dividends: said, and exit 3', async () => {
    const { work } = await filled();
    await work.write('barloom.json', '{"adjusted": true}');
    const { code, stderr } = await work.verb('rebuild');
    expect(code).toBe(3);
    expect(stderr).toContain('run barloom fetch actions');
  });
});
