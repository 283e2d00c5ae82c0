/** qlib export: the format by a reader of its own, appending, and what a stopped run leaves. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { archived, midnight } from '../../support/lake.js';
import { writeTables } from '../../support/tables.js';
import { Workdir } from '../../support/workdir.js';

const line = (day: string, ticker: string, close: number): string =>
  `${ticker},100,${close},${close},${close},${close},${midnight(day)},1`;

/**
 * As Qlib reads: the calendar, then a file by its first element. Undefined where the calendar's day is not in
 * it.
 */
function reader(folder: string) {
  const calendar = readFileSync(path.join(folder, 'calendars', 'day.txt'), 'utf8')
    .trimEnd()
    .split('\n');
  const spans = readFileSync(path.join(folder, 'instruments', 'all.txt'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => text.split('\t'));
  return {
    calendar,
    spans,
    values: (symbol: string, field: string): readonly (number | undefined)[] => {
      const file = path.join(folder, 'features', symbol, `${field}.day.bin`);
      const bytes = readFileSync(file);
      const start = bytes.readFloatLE(0);
      return calendar.map((_, i) => {
        const at = 4 * (i - start) + 4;
        return i < start || at >= bytes.length ? undefined : bytes.readFloatLE(at);
      });
    },
  };
}

async function market(): Promise<Workdir> {
  const workdir = await Workdir.make();
  const days: Readonly<Record<string, readonly string[]>> = {
    '2024-01-02': [line('2024-01-02', 'BCPC', 1), line('2024-01-02', 'NA', 2)],
    '2024-01-03': [
      line('2024-01-03', 'BCpC', 3),
      line('2024-01-03', 'CON', 5),
      line('2024-01-03', 'XYZ', 10),
    ],
    '2024-01-04': [line('2024-01-04', 'BCPC', 4)],
    '2024-01-05': [line('2024-01-05', 'XYZ', 11.5)],
  };
  for (const [day, lines] of Object.entries(days)) await archived(workdir, '', day, lines);
  await workdir.verb('lake build');
  return workdir;
}

const everything = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'barloom.json')
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(folder, file), readFileSync(file, 'base64')]),
  );

it('is Qlib’s format to the byte, with names that its readers can tell apart', async () => {
  const workdir = await market();
  const folder = path.join(workdir.root, 'qlib');
  expect((await workdir.verb(`qlib export ${folder}`)).code).toBe(0);
  const { calendar, spans, values } = reader(folder);
  expect(calendar).toEqual(['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05']);
  expect(spans).toEqual([
    ['%4EA', '2024-01-02', '2024-01-02'],
    ['BCPC', '2024-01-02', '2024-01-04'],
    ['BC_PC', '2024-01-03', '2024-01-03'],
    ['CON', '2024-01-03', '2024-01-03'],
    ['XYZ', '2024-01-03', '2024-01-05'],
  ]);
  expect(readFileSync(path.join(folder, 'features', 'xyz', 'close.day.bin'))).toEqual(
    Buffer.from('0000803f000020410000c07f00003841', 'hex'),
  );
  expect(values('_qlib_con', 'close')).toEqual([undefined, 5, undefined, undefined]);
  expect(values('bcpc', 'factor')).toEqual([1, Number.NaN, 1, undefined]);
  expect(values('bcpc', 'change')).toEqual([Number.NaN, Number.NaN, 3, undefined]);
  expect(readFileSync(path.join(folder, 'symbols.csv'), 'utf8')).toContain('BC_PC,BCpC\n');
});

it('a day more is appended and equals an export anew, also after a run that was stopped in the midst of it', async () => {
  const workdir = await market();
  const [folder, other] = [path.join(workdir.root, 'qlib'), path.join(workdir.root, 'anew')];
  await workdir.verb(`qlib export ${folder}`);
  await archived(workdir, '', '2024-01-08', [
    line('2024-01-08', 'NA', 7),
    line('2024-01-08', 'NEW', 8),
    line('2024-01-08', 'XYZ', 12),
  ]);
  await workdir.verb('lake build');
  // As a stopped append leaves it: files that reach beyond the calendar.
  const record = path.join(folder, 'barloom.json');
  writeFileSync(record, readFileSync(record, 'utf8').replace('"whole"', '"appending"'));
  for (const symbol of ['bcpc', 'xyz'])
    appendFileSync(path.join(folder, 'features', symbol, 'close.day.bin'), Buffer.alloc(8));
  const appended = await workdir.verb(`qlib export ${folder} --json`);
  expect(JSON.parse(appended.stdout)).toMatchObject({
    datasets: [{ plan: 'append', new_days: 1, files: 21 }],
  });
  await workdir.verb(`qlib export ${other}`);
  expect(everything(folder)).toEqual(everything(other));
  expect((await workdir.verb(`qlib export ${folder}`)).stdout).toContain('nothing to do');

  await archived(workdir, '', '2024-01-03', [line('2024-01-03', 'XYZ', 20)]);
  await workdir.verb('lake build');
  await workdir.verb(`qlib export ${folder}`);
  expect(reader(folder).values('xyz', 'close')).toEqual([undefined, 20, Number.NaN, 11.5, 12]);
  expect(readdirSync(path.join(folder, 'features'))).toEqual(['%4ea', 'bcpc', 'new', 'xyz']);
});

it('takes a list of tickers, and refuses a folder that is somebody else’s', async () => {
  const workdir = await market();
  await workdir.write('list.csv', 'symbol,name\nXYZ,A Company\n');
  const folder = path.join(workdir.root, 'qlib');
  await workdir.verb(`qlib export ${folder} --tickers-from ${workdir.at('list.csv')}`);
  expect(reader(folder).spans).toEqual([['XYZ', '2024-01-03', '2024-01-05']]);
  await workdir.write('foreign/features/a.bin', 'x');
  expect((await workdir.verb(`qlib export ${workdir.at('foreign')}`)).code).toBe(2);
});

it('lake duckdb writes views that a database of its own reads', async () => {
  const workdir = await market();
  const file = path.join(workdir.root, 'market.duckdb');
  expect((await workdir.verb(`lake duckdb ${file}`)).stdout).toContain('stocks_daily, tickers');
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })).connect();
  const rows = await connection.runAndReadAll("SELECT ticker, days FROM tickers WHERE ticker = 'BCPC'");
  expect(rows.getRowsJson()).toEqual([['BCPC', '2']]);
  connection.closeSync();
});

const split = (id: string, ticker: string, day: string) => ({
  id,
  ticker,
  execution_date: day,
  split_from: 1,
  split_to: 2,
});

it('takes splits where they are known, dividends on request; what happens later writes its ticker anew, as a whole export would', async () => {
  const workdir = await market();
  const folder = path.join(workdir.root, 'qlib');
  const raw = path.join(workdir.root, 'raw');
  await writeTables(workdir.data, {
    splits: [split('a', 'XYZ', '2024-01-04'), split('f', 'BCPC', '2024-02-01')],
    dividends: [{ id: 'd', ticker: 'XYZ', ex_dividend_date: '2024-01-05', cash_amount: 1, currency: 'USD' }],
  });
  const exported = async (args: string) =>
    JSON.parse((await workdir.verb(`qlib export ${args} --json`)).stdout).datasets[0];
  expect(await exported(folder)).toMatchObject({ adjust: 'splits', plan: 'whole' });
  expect(reader(folder).values('xyz', 'close')).toEqual(
    [undefined, 5, undefined, 11.5].map((value, i) => (i === 2 ? Number.NaN : value)),
  );
  expect(reader(folder).values('xyz', 'volume')[1]).toBe(200);
  expect(reader(folder).values('xyz', 'factor')[1]).toBe(0.5);
  expect(reader(folder).values('bcpc', 'factor')[0]).toBe(1);
  expect(await exported(folder)).toMatchObject({ plan: 'nothing', files: 0 });

  // A day more, and a split of a ticker on it.
  await archived(workdir, '', '2024-01-08', [line('2024-01-08', 'BCPC', 2), line('2024-01-08', 'XYZ', 12)]);
  await workdir.verb('lake build');
  await writeTables(workdir.data, {
    splits: [split('a', 'XYZ', '2024-01-04'), split('b', 'BCPC', '2024-01-08')],
  });
  expect(await exported(folder)).toMatchObject({ plan: 'append', new_days: 1 });
  expect(reader(folder).values('bcpc', 'close')).toEqual([0.5, Number.NaN, 2, Number.NaN, 2]);
  expect(reader(folder).values('xyz', 'close').at(-1)).toBe(12);
  // Another event and no new day.
  await writeTables(workdir.data, { splits: [split('b', 'BCPC', '2024-01-08')] });
  expect(await exported(folder)).toMatchObject({ plan: 'append', new_days: 0 });
  expect(reader(folder).values('xyz', 'factor')[1]).toBe(1);
  await exported(raw);
  expect(everything(folder)).toEqual(everything(raw));

  await exported(`${raw} --adjust all`);
  expect(reader(raw).values('xyz', 'close')[1]).toBeCloseTo(10 * (1 - 1 / 10), 6);
  expect(reader(raw).values('xyz', 'volume')[1]).toBe(100);
  expect(await exported(`${raw} --adjust none`)).toMatchObject({ adjust: 'none', plan: 'whole' });
  expect(reader(raw).values('bcpc', 'close')[0]).toBe(1);
}, 60_000);
