/** Imported quotes in a database: the same rows, read by a reader that is not ours. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ALPACA_KEYS } from '#sandbox/alpaca/options.js';
import { type Answered, inProcess } from '../../support/in-process.js';
import { describeWith } from '../../support/others.js';
import { alpaca, quoteFiles, rowsOf } from '../../support/quotes.js';
import { Workdir } from '../../support/workdir.js';

const run = promisify(execFile);
const RANGE = '2024-06-10 2024-06-12';

interface Place {
  readonly work: Workdir;
  quotes(args: string, env?: Readonly<Record<string, string>>): Promise<Answered>;
  sql(text: string): Promise<string>;
}

async function place(): Promise<Place> {
  const work = await Workdir.make();
  const { url } = await alpaca({ quotesADay: 300 });
  const env = {
    APCA_API_KEY_ID: ALPACA_KEYS.id,
    APCA_API_SECRET_KEY: ALPACA_KEYS.secret,
    APCA_API_DATA_URL: url,
  };
  return {
    work,
    quotes: (args, more = {}) =>
      inProcess(['quotes', ...args.split(' '), '--data-dir', work.data], work, { ...env, ...more }),
    sql: async (text) => {
      const { stdout } = await run('sqlite3', ['-batch', `${work.root}/q.db`, text], { maxBuffer: 1 << 28 });
      return stdout.trimEnd();
    },
  };
}

describeWith("SQLite's shell", () => {
  it('every quote is in the table, equal ones and those of one nanosecond too, and a second load changes nothing', async () => {
    const { work, quotes, sql } = await place();
    expect((await quotes(`import AAPL,MSFT ${RANGE}`)).code).toBe(0);
    const { code, stdout, stderr } = await quotes(
      `load AAPL,MSFT ${RANGE} --to sqlite:q.db --batch-size 100`,
    );
    expect(code).toBe(0);
    const expected: string[] = [];
    for (const name of quoteFiles(work))
      for (const row of await rowsOf(work, name)) {
        const size = (value: unknown): string => (value === null ? '' : String(value));
        expected.push(
          ['symbol', 'ts_ns', 'ord', 'bid_price', 'ask_price', 'bid_exchange', 'conditions']
            .map((column) => size(row[column]))
            .join('|'),
        );
      }
    const found = await sql(
      "SELECT symbol, ts_ns, ord, printf('%!.15g', bid_price), printf('%!.15g', ask_price), bid_exchange, conditions FROM quotes",
    );
    const plain = (text: string): string => text.replace(/(\|\d+)\.0(?=\|)/g, '$1');
    expect(found.split('\n').map(plain).sort()).toEqual(expected.sort());
    expect(stderr).toContain(`quotes: batch 1/${Math.ceil(expected.length / 100)}, 100 rows`);
    expect(stdout).toContain('days         6 loaded, 0 loaded before');
    const again = await quotes(`load AAPL,MSFT ${RANGE} --to sqlite:q.db --json`);
    expect(JSON.parse(again.stdout)).toMatchObject({
      command: 'quotes load',
      database: 'sqlite:q.db',
      table: 'alpaca-sip',
      into: 'quotes',
      rows: 0,
      written: 0,
      days: { loaded: 0, unchanged: 6 },
    });
  });

  it('a reduction at the load is that of the import', async () => {
    const { quotes, sql } = await place();
    await quotes(`import AAPL ${RANGE}`);
    const { code, stdout } = await quotes(
      `load AAPL ${RANGE} --to sqlite:q.db --reduce changes:price,second:tightest`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/left out {5}\d+ rows/);
    const table = 'quotes_alpaca_sip_changes_price_second_tightest';
    const made = await sql(`SELECT * FROM ${table} ORDER BY ts_ns, ord`);
    expect((await quotes(`import AAPL ${RANGE} --reduce changes:price,second:tightest`)).code).toBe(0);
    await quotes(`load AAPL ${RANGE} --to sqlite:q.db --reduce changes:price,second:tightest --mode replace`);
    expect(await sql(`SELECT * FROM ${table} ORDER BY ts_ns, ord`)).toBe(made);
    expect(made.split('\n').length).toBeGreaterThan(100);
  });

  it('import --format database fills both, and the document’s names of settings are understood', async () => {
    const { quotes, sql } = await place();
    const env = {
      HISTORICAL_DATA_FORMAT: 'database',
      DATABASE_URL: 'sqlite:q.db',
      BULK_IMPORT_BATCH_SIZE: '250',
      BULK_IMPORT_SKIP_DUPLICATES: 'true',
    };
    const { code, stdout, stderr } = await quotes(`import AAPL ${RANGE}`, env);
    expect(code).toBe(0);
    expect(stdout).toContain('3 imported');
    expect(stdout).toContain('table        quotes in sqlite:q.db');
    expect(stderr).toContain('quotes: batch 1/');
    const rows = await sql('SELECT count(*) FROM quotes');
    // The check is left out for new days only: those that are there are left alone, or refused.
    expect((await quotes(`import AAPL ${RANGE}`, env)).code).toBe(0);
    await sql('DELETE FROM barloom_loads');
    const refused = await quotes(`load AAPL ${RANGE}`, env);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('quotes has rows of 2024-06-10');
    expect(await sql('SELECT count(*) FROM quotes')).toBe(rows);
  });

  it('another feed is refused by name, a symbol without days is 3 beside others and 2 alone', async () => {
    const { quotes, sql } = await place();
    await quotes(`import AAPL ${RANGE}`);
    await quotes(`import AAPL ${RANGE} --feed iex`);
    expect((await quotes(`load AAPL,MSFT ${RANGE} --to sqlite:q.db --keep-days 2`)).code).toBe(3);
    expect(await sql('SELECT DISTINCT date FROM quotes ORDER BY 1')).toBe('2024-06-11\n2024-06-12');
    const other = await quotes(`load AAPL ${RANGE} --to sqlite:q.db --feed iex`);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('the table quotes holds alpaca-sip, and not alpaca-iex');
    const none = await quotes(`load MSFT ${RANGE} --to sqlite:q.db`);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('run barloom quotes import first');
  });
});
