/** What `load` promises of every database. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { isAlive } from '#platform/disk/durable.js';
import { archived } from '../../support/lake.js';
import { writeTables } from '../../support/tables.js';
import { bar, manyDays, type Place, type PlaceMaker, weekdays } from './place.js';

const DAY = '2024-01-02';
const NEXT = '2024-01-03';
const ROWS =
  'SELECT symbol, date, ord, open, volume, transactions FROM stocks_daily ORDER BY symbol, ts_ns, ord';

async function twoDays(place: Place): Promise<void> {
  await archived(place.work, '', DAY, [bar('AAPL', DAY, '185.50'), bar('BRK.B', DAY, '362.4600', '12')]);
  await archived(place.work, '', NEXT, [bar('AAPL', NEXT, '184.25'), bar('NA', NEXT, '0.00012')]);
}

export function loadPromises(make: PlaceMaker): void {
  it('makes the table and loads every row, each number as the vendor wrote it', async () => {
    const place = await make();
    await twoDays(place);
    const { code, stdout, stderr } = await place.load();
    expect(stderr).toContain('stocks_daily: batch 1/1, 4 rows, to 2024-01-03');
    expect(stdout).toContain('days         2 loaded, 0 loaded before');
    expect(code).toBe(0);
    expect(await place.sql(ROWS)).toBe(
      [
        `AAPL|${DAY}|0|185.5|1000.5|7`,
        `AAPL|${NEXT}|0|184.25|1000.5|7`,
        `BRK.B|${DAY}|0|362.46|${place.to.startsWith('sqlite') ? '12.0' : '12'}|7`,
        `NA|${NEXT}|0|0.00012|1000.5|7`,
      ].join('\n'),
    );
    expect(await place.sql("SELECT ts_ns FROM stocks_daily WHERE symbol = 'NA'")).toBe('1704258000000000000');
  });

  it('a second load reads, writes and changes nothing', async () => {
    const place = await make();
    await twoDays(place);
    await place.load();
    const { code, stdout, stderr } = await place.load('--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'load',
      datasets: [{ into: 'stocks_daily', rows: 0, written: 0, days: { loaded: 0, unchanged: 2 } }],
    });
    expect(stderr).not.toContain('"batch"');
  });

  it('takes a day that was replaced anew, rows that are gone included', async () => {
    const place = await make();
    await twoDays(place);
    await place.load();
    await archived(place.work, '', DAY, [bar('AAPL', DAY, '186'), bar('MSFT', DAY, '371')]);
    expect((await place.load()).stdout).toContain('days         1 loaded, 1 loaded before');
    expect(await place.sql(`SELECT symbol, open FROM stocks_daily WHERE date = '${DAY}' ORDER BY 1`)).toMatch(
      /^AAPL\|186(\.0)?\nMSFT\|371(\.0)?$/,
    );
  });

  it('append changes no row that is there', async () => {
    const place = await make();
    await twoDays(place);
    await place.load();
    await archived(place.work, '', DAY, [bar('AAPL', DAY, '999'), bar('MSFT', DAY, '371')]);
    expect((await place.load('--mode append')).code).toBe(0);
    expect(await place.sql(`SELECT symbol FROM stocks_daily WHERE date = '${DAY}' ORDER BY 1`)).toBe(
      'AAPL\nBRK.B\nMSFT',
    );
    expect(await place.sql(`SELECT count(*) FROM stocks_daily WHERE open = 999`)).toBe('0');
  });

  it('replace takes days anew that are recorded as loaded', async () => {
    const place = await make();
    await twoDays(place);
    await place.load();
    await place.sql(`DELETE FROM stocks_daily WHERE symbol = 'NA'; UPDATE stocks_daily SET open = 1`);
    expect((await place.load()).stdout).toContain('nothing to do');
    expect((await place.load('--mode replace')).code).toBe(0);
    expect(await place.sql('SELECT count(*), min(open) FROM stocks_daily')).toBe('4|0.00012');
  });

  it('loads some tickers, then the rest of the market, each row once', async () => {
    const place = await make();
    await twoDays(place);
    expect((await place.load('--tickers AAPL')).code).toBe(0);
    expect(await place.sql('SELECT symbol, count(*) FROM stocks_daily GROUP BY 1')).toBe('AAPL|2');
    const { stdout } = await place.load();
    expect(stdout).toContain('rows         4, of which 2 were there already');
    expect(await place.sql('SELECT count(*) FROM stocks_daily')).toBe('4');
    expect((await place.load('--tickers AAPL')).stdout).toContain('nothing to do');
  });

  it('keeps every one of equal rows, and a row of another day in a file that is not its own', async () => {
    const place = await make();
    const twin = bar('AAPL', DAY, '1');
    await archived(place.work, '', DAY, [twin, twin, bar('AAPL', DAY, '2')]);
    await archived(place.work, '', '2024-01-08', [bar('AAPL', DAY, '3'), bar('AAPL', '2024-01-08', '4')]);
    const { code, stderr } = await place.load();
    expect(stderr).not.toContain('barloom:');
    expect(code).toBe(0);
    expect(await place.sql('SELECT date, ord, open FROM stocks_daily ORDER BY ts_ns, ord')).toMatch(
      /^2024-01-02\|0\|1(\.0)?\n2024-01-02\|1\|1(\.0)?\n2024-01-02\|2\|2(\.0)?\n2024-01-08\|1000000\|3(\.0)?\n2024-01-08\|0\|4(\.0)?$/,
    );
  });

  it('adds a column that the vendor has added', async () => {
    const place = await make();
    await twoDays(place);
    await place.load();
    const header = 'ticker,volume,open,close,high,low,window_start,transactions,vwap,note';
    await archived(
      place.work,
      '',
      '2024-01-04',
      [`${bar('AAPL', '2024-01-04', '5')},5.25,"a\\b	c ""d"", e"`],
      header,
    );
    expect((await place.load()).code).toBe(0);
    expect(await place.sql("SELECT vwap, note FROM stocks_daily WHERE date = '2024-01-04'")).toBe(
      '5.25|a\\b	c "d", e',
    );
    expect(await place.sql('SELECT count(*) FROM stocks_daily WHERE vwap IS NULL')).toBe('4');
  });

  it('refuses a table of that name that is not its own, of another dataset, or of a newer barloom', async () => {
    const place = await make();
    await twoDays(place);
    await place.sql('CREATE TABLE stocks_daily (a integer)');
    const foreign = await place.load();
    expect(foreign.code).toBe(2);
    expect(foreign.stderr).toContain('there is a table stocks_daily that barloom did not make');
    expect((await place.load('--table bars')).code).toBe(0);
    await place.sql("UPDATE barloom_tables SET holds = 'quotes' WHERE name = 'bars'");
    const other = await place.load('--table bars');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('the table bars holds quotes, and not stocks_daily');
    await place.sql("UPDATE barloom_tables SET version = 2, holds = 'stocks_daily' WHERE name = 'bars'");
    const newer = await place.load('--table bars');
    expect(newer.code).toBe(2);
    expect(newer.stderr).toContain('the table bars is of a newer barloom (version 2');
    expect(await place.sql('SELECT count(*) FROM stocks_daily')).toBe('0');
  });

  it('--skip-duplicates is refused where a day is there, and loads others', async () => {
    const place = await make();
    await twoDays(place);
    expect((await place.load(`--end ${DAY} --skip-duplicates`)).code).toBe(0);
    await place.sql('DELETE FROM barloom_loads');
    const { code, stderr } = await place.load('--skip-duplicates');
    expect(code).toBe(2);
    expect(stderr).toContain(`stocks_daily has rows of ${DAY}`);
    expect((await place.load(`--start ${NEXT} --skip-duplicates`)).code).toBe(0);
    expect(await place.sql('SELECT count(*) FROM stocks_daily')).toBe('4');
  });

  it('finds rows that are there although nothing is recorded of them', async () => {
    const place = await make();
    await twoDays(place);
    await place.load();
    await place.sql('DELETE FROM barloom_loads; UPDATE stocks_daily SET open = 1');
    const { code, stdout } = await place.load();
    expect(code).toBe(0);
    expect(stdout).toContain('rows         4');
    expect(await place.sql('SELECT count(*), min(open) FROM stocks_daily')).toBe('4|0.00012');
  });

  it('--keep-days removes older days, and loads none of them again', async () => {
    const place = await make();
    const days = weekdays(6);
    await manyDays(place.work, days, 2);
    await place.load();
    const kept = await place.load('--keep-days 3');
    expect(kept.stdout).toContain('8 rows of days before 2024-01-07');
    expect(await place.sql('SELECT DISTINCT date FROM stocks_daily ORDER BY 1')).toBe(
      days.slice(4).join('\n'),
    );
    expect((await place.load('--keep-days 3')).stdout).toContain('nothing to do');
  });

  it('a dry run says what would be loaded, and changes nothing', async () => {
    const place = await make();
    await twoDays(place);
    const { code, stdout } = await place.load('--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/to be\s+made/);
    expect(stdout).toContain('to load      2 days');
    await place.load(`--end ${DAY}`);
    expect((await place.load('--dry-run')).stdout).toContain('to load      1 day,');
    expect(await place.sql('SELECT count(*) FROM stocks_daily')).toBe('2');
  });

  it('a day that cannot be read is named, and the others are loaded', async () => {
    const place = await make();
    await twoDays(place);
    await place.work.write(`massive_cache/${DAY}.csv.gz`, 'no gzip');
    const { code, stdout } = await place.load();
    expect(code).toBe(3);
    expect(stdout).toContain(`failed       ${DAY}:`);
    expect(await place.sql('SELECT DISTINCT date FROM stocks_daily')).toBe(NEXT);
  });

  it('tables of the REST API: the current records, in the place of those that were there', async () => {
    const place = await make();
    const dividend = (id: string, cash: number, more: object = {}) => ({
      ...{ id, ticker: 'AAPL', ex_dividend_date: '2024-02-09', cash_amount: cash, currency: 'USD', ...more },
    });
    await writeTables(place.work.data, {
      dividends: [dividend('a', 0.24), dividend('b', 0.000000000000000123)],
      balance_sheets: [
        {
          cik: '1',
          tickers: ['GOOG', 'GOOGL'],
          timeframe: 'annual',
          period_end: '2023-12-31',
          filing_date: '2024-02-01',
        },
      ],
    });
    const { code, stdout } = await place.load('-t dividends,balance_sheets --json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).datasets).toMatchObject([
      { dataset: 'dividends', into: 'dividends', rows: 2, unchanged: false },
      { dataset: 'balance_sheets', into: 'balance_sheets', rows: 1, unchanged: false },
    ]);
    const cash = 'SELECT id, cash_amount FROM dividends ORDER BY 1';
    expect(await place.sql(cash)).toMatch(/^a\|0\.24\nb\|(1\.23e-16|0\.000000000000000123)$/);
    expect(await place.sql('SELECT tickers, filing_date FROM balance_sheets')).toBe(
      '["GOOG","GOOGL"]|2024-02-01',
    );
    expect((await place.load('-t dividends')).stdout).toContain('nothing to do');
    await writeTables(place.work.data, {
      dividends: [dividend('a', 0.24), dividend('a', 0.25, { version: 2 }), dividend('c', 1)],
    });
    expect((await place.load('-t dividends --dry-run')).stdout).toContain('to load      2 records');
    expect((await place.load('-t dividends')).code).toBe(0);
    expect(await place.sql(cash)).toMatch(/^a\|0\.25\nc\|1(\.0)?$/);
    const lacking = await place.load('-t splits');
    expect(lacking.code).toBe(2);
    expect(lacking.stderr).toContain('barloom fetch splits');
    expect((await place.load('-t dividends --tickers AAPL')).code).toBe(2);
  });

  it('killed at any instant and gone on with, the table is as if nothing had happened', async () => {
    const whole = await make();
    await manyDays(whole.work, weekdays(8), 100);
    expect((await whole.load()).code).toBe(0);
    const expected = await whole.sql(ROWS);
    expect(expected.split('\n')).toHaveLength(800);
    for (const indexes of ['drop', 'keep']) {
      const place = await make();
      await manyDays(place.work, weekdays(8), 100);
      for (const batch of [1, 3, 7, 12]) {
        let isStruck = false;
        const { signal } = await place.spawn(`--batch-size 30 --indexes ${indexes}`, {
          onStderr: (text, child) => {
            if (isStruck || !text.includes(`batch ${batch}/`)) return;
            isStruck = true;
            setTimeout(() => child.kill('SIGKILL'), Math.random() * 25);
          },
        });
        // So near its end it may have been quicker.
        if (signal === null) break;
      }
      // A load that ends regularly makes the indexes, whoever took them away.
      expect((await place.load('--indexes keep')).code).toBe(0);
      expect(await place.sql(ROWS)).toBe(expected);
      expect(await place.sql('SELECT count(*) FROM barloom_indexes')).toBe('0');
      const again =
        'INSERT INTO stocks_daily (symbol, date, ts_ns, ord) SELECT symbol, date, ts_ns, ord FROM stocks_daily';
      await expect(place.sql(again)).rejects.toThrow(/unique/i);
    }
    // What the killed ones had on disk goes with the next.
    const left = readdirSync(tmpdir()).flatMap((name) => /^barloom-load-(\d+)-/.exec(name)?.[1] ?? []);
    expect(left.filter((pid) => !isAlive(Number(pid)))).toEqual([]);
  }, 120_000);

  it('Ctrl-C ends between two batches, with all of them in and the indexes there', async () => {
    const place = await make();
    await manyDays(place.work, weekdays(12), 150);
    let isTold = false;
    const { code, stderr } = await place.spawn('--batch-size 20 --indexes drop', {
      onStderr: (text, child) => {
        if (isTold || !text.includes('batch 3/')) return;
        isTold = true;
        child.kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain('run the same command again to go on');
    const there = Number(await place.sql('SELECT count(*) FROM stocks_daily'));
    expect(there).toBeGreaterThanOrEqual(60);
    expect(there % 20).toBe(0);
    expect(await place.sql('SELECT count(*) FROM barloom_indexes')).toBe('0');
    expect((await place.load()).code).toBe(0);
    expect(await place.sql('SELECT count(*) FROM stocks_daily')).toBe('1800');
  });
}
