/** Companies behind tickers, from the real commands, over tables and series that were put there by hand. */
import { describe, expect, it } from 'vitest';
import { writeTables } from '../../support/tables.js';
import type { Ended, Workdir } from '../../support/workdir.js';
import { folderOf } from '../show/folder.js';

const FIGI = 'BBG000MM2P62';
const change = (asked: string, date: string, ticker: string) => ({
  asked, date, ticker, type: 'ticker_change', name: 'Meta Platforms, Inc.', composite_figi: FIGI, cik: '0001326801',
}); // biome-ignore format: a record
const stock = { market: 'stocks', locale: 'us', active: true, type: 'CS' };

const TABLES = {
  ticker_events: [change('META', '2012-05-18', 'FB'), change('META', '2022-06-11', 'META')],
  tickers: [
    { ...stock, ticker: 'META', name: 'Meta Platforms', composite_figi: FIGI },
    {
      ...stock,
      ticker: 'META',
      name: 'Roundhill Ball Metaverse ETF',
      type: 'ETF',
      active: false,
      composite_figi: 'BBG0115F8TW6',
      delisted_utc: '2022-01-31 05:00:00',
    },
    { ...stock, ticker: 'AAPL', name: 'Apple', composite_figi: 'BBG000B9XRY4' },
    {
      ...stock,
      ticker: 'GONE',
      name: 'Gone',
      active: false,
      composite_figi: 'BBG000000001',
      delisted_utc: '2015-03-02 05:00:00',
    },
    { ...stock, ticker: 'NEW', name: 'New', composite_figi: 'BBG000000002' },
  ],
  ticker_details: [
    { ticker: 'AAPL', list_date: '1980-12-12' },
    { ticker: 'NEW', list_date: '2024-01-05' },
  ],
  splits: [
    { id: 'a', ticker: 'FB', execution_date: '2022-06-07', split_from: 1, split_to: 2 },
    // Of the fund that was called META before.
    { id: 'b', ticker: 'META', execution_date: '2022-01-10', split_from: 1, split_to: 10 },
    { id: 'c', ticker: 'META', execution_date: '2022-06-10', split_from: 1, split_to: 2 },
  ],
};
const line = (day: string, close: number): string => `${day},${close},${close},${close},${close},8\n`;
const SERIES = {
  FB: line('2021-12-31', 400) + line('2022-06-06', 400) + line('2022-06-07', 200) + line('2022-06-08', 200),
  META: line('2022-01-07', 15) + line('2022-01-28', 1.5) + line('2022-06-09', 200) + line('2022-06-10', 100),
};

const run = (work: Workdir, ...args: string[]): Promise<Ended> =>
  work.run([...args, '--data-dir', work.data]);

async function folder(): Promise<Workdir> {
  const work = await folderOf(SERIES);
  await writeTables(work.data, TABLES);
  return work;
}

describe('identity', () => {
  it('tickers --history: every owner, with all its names', async () => {
    const { code, stdout } = await run(await folder(), 'tickers', '--history', 'META');
    expect([code, stdout]).toEqual([
      0,
      'META\n' +
        '  Roundhill Ball Metaverse ETF (ETF)\n' +
        '    ...        to 2022-01-30  META\n' +
        '  Meta Platforms (CS)\n' +
        '    2012-05-18 to 2022-06-10  FB\n' +
        '    2022-06-11 to now         META\n',
    ]);
  });

  it('tickers --on with a type: what was listed then, by the names of then, and what is gone since', async () => {
    const work = await folder();
    const on = async (day: string) =>
      JSON.parse((await run(work, 'tickers', '--on', day, '--type', 'cs', '--json')).stdout);
    const names = async (day: string) =>
      (await on(day)).tickers.map(({ ticker }: { ticker: string }) => ticker);
    expect(await names('2013-10-29')).toEqual(['AAPL', 'FB', 'GONE']);
    expect(await names('2015-03-02')).toEqual(['AAPL', 'FB']);
    expect(await names('2024-06-03')).toEqual(['AAPL', 'META', 'NEW']);
    expect((await on('2013-10-29')).tickers[2]).toEqual({
      ticker: 'GONE',
      name: 'Gone',
      type: 'CS',
      since: null,
      until: '2015-03-02',
    });
    expect((await run(work, 'tickers', '--on', '2013-10-29', '--type', 'CS')).stderr).toContain(
      'do not say since when',
    );
  });

  it("export --follow-renames: joined at the right session, without the former owner's days", async () => {
    const work = await folder();
    const { code, stdout } = await run(work, 'export', 'META', '--follow-renames');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').slice(1)).toEqual([
      'META,2021-12-31,400,400,400,400,8', 'META,2022-06-06,400,400,400,400,8', 'META,2022-06-07,200,200,200,200,8',
      'META,2022-06-08,200,200,200,200,8', 'META,2022-06-09,200,200,200,200,8', 'META,2022-06-10,100,100,100,100,8',
    ]); // biome-ignore format: lines
    const adjusted = await run(work, 'export', 'META', '--follow-renames', '--adjust', 'splits');
    expect(adjusted.stdout.trim().split('\n').slice(1).map((text) => text.split(',').slice(5).join())).toEqual([
      '100,32', '100,32', '100,16', '100,16', '100,16', '100,8',
    ]); // biome-ignore format: closes
  });

  it("adjusted without following, a former owner's split touches its own days alone", async () => {
    const { stdout } = await run(await folder(), 'export', 'META', '--adjust', 'splits');
    expect(
      stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((text) => text.split(',')[5]),
    ).toEqual(['1.5', '1.5', '100', '100']);
  });

  it('show says what it was called before', async () => {
    const work = await folder();
    expect((await run(work, 'show', 'META')).stdout).toContain('renamed from FB on 2022-06-11');
    const { datasets } = JSON.parse((await run(work, 'show', 'META', '--json')).stdout);
    expect(datasets[0].renamed_from).toEqual({ ticker: 'FB', on: '2022-06-11' });
  });

  it('without the tables, says what to fetch', async () => {
    const work = await folderOf(SERIES);
    for (const args of [
      ['tickers', '--history', 'META'],
      ['export', 'META', '--follow-renames'],
    ]) {
      const { code, stderr } = await run(work, ...args);
      expect(code).toBe(2);
      expect(stderr).toContain('barloom fetch tickers ticker_events');
    }
  });
});
