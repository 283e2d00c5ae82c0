/**
 * The layers above bronze: lake verify finds what is damaged in features and Qlib's files, by name, and makes it
 * again; lake prune takes the features of what it takes.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { addDays, weekday } from '#market/calendar/iso-day.js';
import { archived, midnight } from '../../support/lake.js';
import { Workdir } from '../../support/workdir.js';

const DAYS = Array.from({ length: 110 }, (_, i) => addDays('2024-01-01', i)).filter(
  (day) => ![0, 6].includes(weekday(day)),
);

async function market(days: readonly string[], scale = 1): Promise<Workdir> {
  const workdir = await Workdir.make();
  for (const day of days) {
    const close = Math.round(scale * (100 + 7 * Math.sin(DAYS.indexOf(day))) * 100) / 100;
    await archived(workdir, '', day, [
      `AAA,1000,${close},${close},${close + 1},${close - 1},${midnight(day)},7`,
      `BBB,${1000 + DAYS.indexOf(day)},${close},${close},${close + 1},${close - 1},${midnight(day)},7`,
    ]);
  }
  await workdir.verb('lake build');
  await workdir.verb('features build');
  return workdir;
}

const silver = (workdir: Workdir, ...names: readonly string[]): string =>
  workdir.at('lake', 'silver', 'stocks_daily', ...names);
const FEBRUARY = ['year=2024', 'month=02', '2024-02.parquet'];

async function features(workdir: Workdir, more = ''): Promise<readonly string[]> {
  const sql = `from stocks_daily_features ${more} order by ticker, date`;
  const { stdout } = await workdir.run(['sql', sql, '--format', 'ndjson', '--data-dir', workdir.data]);
  return stdout.trimEnd().split('\n');
}

/** Long lines are broken for the screen. */
async function verified(workdir: Workdir, more = ''): Promise<{ code: number | null; text: string }> {
  const { code, stdout } = await workdir.verb(`lake verify ${more}`.trim());
  return { code, text: stdout.replace(/\n {15}/g, ' ') };
}

function flipByte(file: string): void {
  const bytes = readFileSync(file);
  const seconds = Math.floor(statSync(file).mtimeMs) / 1000 + 0.0005;
  bytes.writeUInt8(bytes.readUInt8(100) ^ 0xff, 100);
  writeFileSync(file, bytes);
  utimesSync(file, seconds, seconds);
}

it('damaged features are found by name, also where only a value is another, and made again', async () => {
  const workdir = await market(DAYS.slice(0, 40));
  const before = await features(workdir);
  expect((await workdir.verb('lake verify')).stdout).toMatch(/features {5}2 files; 2 computed again/);

  flipByte(silver(workdir, ...FEBRUARY));
  const found = await verified(workdir);
  expect(found.code).toBe(7);
  expect(found.text).toContain('lake/silver/stocks_daily/year=2024/month=02/2024-02.parquet: its bytes');
  expect((await workdir.verb('lake verify --repair')).code).toBe(0);
  expect(await features(workdir)).toEqual(before);

  // Whole, and recorded as what it is; but of another market.
  const other = await market(DAYS.slice(0, 40), 1.5);
  const bytes = readFileSync(silver(other, ...FEBRUARY));
  writeFileSync(silver(workdir, ...FEBRUARY), bytes);
  const { size, mtimeMs } = statSync(silver(workdir, ...FEBRUARY));
  const record = JSON.parse(readFileSync(silver(workdir, '_built.json'), 'utf8'));
  Object.assign(record.files['2024-02'], {
    stamp: { size, mtimeMs: Math.floor(mtimeMs) },
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  writeFileSync(silver(workdir, '_built.json'), JSON.stringify(record));
  const told = await verified(workdir);
  expect(told.code).toBe(7);
  expect(told.text).toMatch(/2024-02\.parquet: AAA of 2024-02-01 has another \w+ than its days give/);
  expect((await workdir.verb('lake verify --repair')).code).toBe(0);
  expect(await features(workdir)).toEqual(before);

  writeFileSync(silver(workdir, ...FEBRUARY), 'no Parquet');
  expect((await workdir.verb('lake verify')).code).toBe(7);
  expect((await workdir.verb('lake verify --repair')).code).toBe(0);
  expect(await features(workdir)).toEqual(before);
});

it('features that are behind are outdated and no damage', async () => {
  const workdir = await market(DAYS.slice(0, 40));
  await archived(workdir, '', '2024-02-26', [`AAA,1,1,1,1,1,${midnight('2024-02-26')},1`]);
  await workdir.verb('lake build');
  const told = await verified(workdir);
  expect(told.code).toBe(0);
  expect(told.text).toContain('outdated     features of 2024-02: barloom features build');
});

const everything = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'barloom.json')
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(folder, file), readFileSync(file, 'base64')]),
  );

it('Qlib’s files are compared with the lake: a value, a file that is gone, a list', async () => {
  const workdir = await market(DAYS.slice(0, 40));
  await workdir.verb('qlib export');
  const gold = workdir.at('lake', 'gold', 'qlib');
  const before = everything(gold);
  expect((await workdir.verb('lake verify')).stdout).toContain('2 symbols, 14 files; values of 2 made again');
  const bin = (symbol: string, field: string): string =>
    path.join(gold, 'features', symbol, `${field}.day.bin`);
  flipByte(bin('aaa', 'close'));
  rmSync(bin('bbb', 'volume'));
  writeFileSync(path.join(gold, 'calendars', 'day.txt'), '2024-01-01\n');
  const found = await verified(workdir);
  expect(found.code).toBe(7);
  expect(found.text).toContain('lake/gold/qlib/features/aaa/close.day.bin: AAA has other values');
  expect(found.text).toContain('lake/gold/qlib/features/bbb/volume.day.bin: it is not there');
  expect(found.text).toContain('lake/gold/qlib/calendars/day.txt');
  expect((await workdir.verb('lake verify --repair')).code).toBe(0);
  expect(everything(gold)).toEqual(before);
  // The last days alone: sizes and lists, no values.
  flipByte(bin('aaa', 'close'));
  expect((await workdir.verb('lake verify --days 5')).stdout).toContain('14 files; lists and sizes');
});

it('prune takes the features too, and leaves what a build of the days that stayed would make', async () => {
  const workdir = await market(DAYS);
  const pruned = await workdir.verb('lake prune --keep-days 60 --yes');
  expect(pruned.code).toBe(0);
  const [first] = JSON.parse((await workdir.verb('lake status --json')).stdout).datasets;
  expect(pruned.stdout).toContain(`days before ${first.keep_from} is null`);
  expect(pruned.stdout).toContain('1 file removed, 3 made again');
  const after = await features(workdir);
  expect((await workdir.verb('features build')).stdout).toContain('nothing to do');
  expect((await workdir.verb('lake verify')).stdout).toContain('No damage');
  const fresh = await market(DAYS.filter((day) => day >= first.keep_from));
  expect(after).toEqual(await features(fresh));
  // The days are taken in again, and with them what looked at them.
  await workdir.verb('lake build --start 2024-01-01');
  await workdir.verb('features build');
  expect(await features(workdir)).toEqual(await features(await market(DAYS)));
});
