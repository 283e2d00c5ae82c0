/** sql: one name over what is built and what is not, nothing written, nothing read outside the folder. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { archived, midnight } from '../../support/lake.js';
import { type Ended, Workdir } from '../../support/workdir.js';

async function folder(): Promise<Workdir> {
  const workdir = await Workdir.make();
  await archived(workdir, '', '2024-01-02', [
    `NA,100,10,10.5,11,9,${midnight('2024-01-02')},7`,
    `TRUE,1,2,3,4,1,${midnight('2024-01-02')},7`,
  ]);
  await workdir.verb('lake build');
  await archived(workdir, '', '2024-01-03', [`NA,100,10.000000,11.500000,11,9,${midnight('2024-01-03')},7`]);
  return workdir;
}

const ask = (workdir: Workdir, text: string, ...more: string[]): Promise<Ended> =>
  workdir.run(['sql', text, '--data-dir', workdir.data, ...more]);

it('a name holds the built days and the others, also one that was replaced since', async () => {
  const workdir = await folder();
  const rows = 'select ticker, date, close from stocks_daily order by 1, 2';
  expect((await ask(workdir, rows)).stdout).toBe(
    'ticker,date,close\nNA,2024-01-02,10.5\nNA,2024-01-03,11.5\nTRUE,2024-01-02,3\n',
  );
  await archived(workdir, '', '2024-01-02', [`NA,100,10,99.5,110,9,${midnight('2024-01-02')},7`]);
  const replaced = await ask(workdir, rows, '--format', 'ndjson');
  expect(replaced.stdout).toBe(
    '{"ticker":"NA","date":"2024-01-02","close":99.5}\n{"ticker":"NA","date":"2024-01-03","close":11.5}\n',
  );
  const days = await ask(workdir, "select date, state, in_lake from days where state = 'done' order by 1");
  expect(days.stdout).toBe('date,state,in_lake\n2024-01-02,done,true\n2024-01-03,done,false\n');
  const tickers = await ask(workdir, 'select ticker, days from tickers');
  expect(tickers.stdout).toBe('ticker,days\nNA,2\n');
});

it('a day says the same before and after it is built, numbers that are none and lines that are no records too', async () => {
  const workdir = await Workdir.make();
  const stamp = midnight('2024-01-02');
  await archived(workdir, '', '2024-01-02', [
    `A,0.123456789012345678901,1e-05,2.5E1,.5,5.,${stamp},12.0`,
    `B,abc,1_000, 1,inf,NaN,${stamp},12.5`,
    `C,1e400,0x10,+1,--3,1 ,12x,1.2e1`,
    'D,1,2',
    `"E",1,2,3,4,,"${stamp}",9223372036854775808`,
  ]);
  const rows = 'select * from stocks_daily order by ticker';
  const before = await ask(workdir, rows, '--format', 'json');
  expect(JSON.parse(before.stdout)).toHaveLength(4);
  await workdir.verb('lake build');
  expect(before.stdout).toBe((await ask(workdir, rows, '--format', 'json')).stdout);
});

it('refuses to write, and to read what is outside; a wrong name is told with the right one and the place', async () => {
  const workdir = await folder();
  const before = workdir.everything();
  for (const text of [
    `copy (select 1) to '${workdir.at('x.csv')}'`,
    `explain analyze copy (select 1) to '${workdir.at('x.csv')}'`,
    `attach '${workdir.at('x.db')}'`,
    "select * from read_text('/etc/hostname')",
  ]) {
    const ended = await ask(workdir, text);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain('--allow-files');
  }
  const unknown = await ask(workdir, 'select * from stock_daily');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('Did you mean stocks_daily?');
  expect(unknown.stderr).toMatch(/\n {22}\^/);
  expect(workdir.everything()).toEqual(before);
});

it('results go into files of every form, whole', async () => {
  const workdir = await folder();
  const text = 'select ticker, ts_ns from stocks_daily order by ts_ns, ticker';
  const json = path.join(workdir.root, 'out.json');
  expect((await ask(workdir, text, '-o', json)).code).toBe(0);
  expect(readFileSync(json, 'utf8')).toBe(
    '[\n{"ticker":"NA","ts_ns":1704171600000000000},\n{"ticker":"TRUE","ts_ns":1704171600000000000},\n{"ticker":"NA","ts_ns":1704258000000000000}\n]\n',
  );
  const parquet = path.join(workdir.root, 'out.parquet');
  expect((await ask(workdir, text, '-o', parquet)).stderr).toContain('3 rows');
  const back = await ask(workdir, `select count(*) as n from read_parquet('${parquet}')`, '--allow-files');
  expect(back.stdout).toBe('n\n3\n');
});

it('what needs more memory than it may have spills, and nothing of that stays', async () => {
  const workdir = await folder();
  const text =
    'select sum(length(b)) as n from (select a, repeat(a::varchar, 8) as b from range(2000000) t(a) order by hash(a))';
  const ended = await ask(workdir, text, '--memory', '100M');
  expect([ended.code, ended.stdout]).toEqual([0, 'n\n103111120\n']);
  expect(Object.keys(workdir.everything()).filter((name) => name.includes('lake/sql'))).toEqual([]);
});

it('amounts of the tables are printed without the zeros of their type', async () => {
  const workdir = await folder();
  const amounts = 'select unnest([0.481, 100, 0, 1e-18])::DECIMAL(38,18) as cash, 1.50::DECIMAL(4,2) as own';
  expect((await ask(workdir, amounts)).stdout).toBe(
    'cash,own\n0.481,1.50\n100,1.50\n0,1.50\n0.000000000000000001,1.50\n',
  );
});
