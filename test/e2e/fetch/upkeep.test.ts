/** Tables are verified, mended, backed up and kept up with everything else. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { dividends, splits } from '#market/tables/actions.js';
import { TABLES } from '#market/tables/all.js';
import { type MiniRest, miniRest, REST_KEY } from '../../support/mini-rest.js';
import { Workdir } from '../../support/workdir.js';

const env = { MASSIVE_API_KEY: REST_KEY };

async function filled(): Promise<{ readonly rest: MiniRest; readonly work: Workdir }> {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  rest.lists.set(
    dividends.path,
    ['2022-08-05', '2022-09-01', '2024-05-10'].map((day, i) => ({
      id: `d${i}`,
      ticker: 'AAPL',
      ex_dividend_date: day,
      cash_amount: 0.25,
      currency: 'USD',
    })),
  );
  rest.lists.set(splits.path, []);
  expect((await work.verb(`fetch dividends --rest-endpoint ${rest.endpoint}`, { env })).code).toBe(0);
  return { rest, work };
}

const SEPTEMBER = ['tables', 'dividends', 'year=2022', 'month=09', '2022-09.parquet'] as const;

it('verify finds a changed byte and a lost file; repair and fetch bring every record again', async () => {
  const { rest, work } = await filled();
  const sound = await work.verb('verify --deep --json');
  expect([sound.code, JSON.parse(sound.stdout)]).toMatchObject([
    0,
    { tables: [{ type: 'dividends', files: 3, rows: 3, damage: [] }] },
  ]);
  const file = work.at(...SEPTEMBER);
  const bytes = readFileSync(file);
  const { mtimeMs } = statSync(file);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const same = (Math.floor(mtimeMs) + 0.5) / 1000;
  utimesSync(file, same, same);
  const quick = JSON.parse((await work.verb('verify --json')).stdout).tables[0];
  expect(quick).toMatchObject({ files: 3, rows: 3, damage: [] });
  writeFileSync(file, Buffer.concat([bytes.subarray(0, -1), Buffer.from('?')]));
  utimesSync(file, same, same);
  expect(JSON.parse((await work.verb('verify --json')).stdout).tables[0].damage).toEqual([
    { file: 'year=2022/month=09/2022-09.parquet', what: 'cannot be read as Parquet' },
  ]);
  rmSync(work.at('tables', 'dividends', 'year=2024'), { recursive: true });
  const found = await work.verb('verify --deep --json');
  expect(found.code).toBe(7);
  expect(JSON.parse(found.stdout).tables[0].damage).toEqual([
    { file: 'year=2024/month=05/2024-05.parquet', what: 'is gone' },
    { file: 'year=2022/month=09/2022-09.parquet', what: 'has other bytes than were written' },
  ]);
  const repaired = await work.verb('verify --deep --repair');
  expect([repaired.code, repaired.stdout]).toMatchObject([
    7,
    expect.stringContaining('barloom fetch dividends'),
  ]);
  const again = await work.verb(`fetch dividends --rest-endpoint ${rest.endpoint} --json`, { env });
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([
    0,
    { types: [{ rows: 3, added: 2, changed: 0 }] },
  ]);
  expect((await work.verb('verify --deep')).code).toBe(0);
});

it('a backup has the tables: unpacked, nothing has to be fetched again but the newest', async () => {
  const { rest, work } = await filled();
  const tar = path.join(work.root, 'b.tar');
  const backup = await work.verb(`backup ${tar}`);
  expect([backup.code, backup.stdout]).toMatchObject([0, expect.stringMatching(/tables +4 files/)]);
  const copy = path.join(work.root, 'copy');
  mkdirSync(copy);
  expect(spawnSync('tar', ['-xf', tar, '-C', copy]).status).toBe(0);
  rest.asked.length = 0;
  const ended = await work.verb(`fetch dividends --rest-endpoint ${rest.endpoint} --json`, {
    env,
    dataDir: copy,
  });
  expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([0, { types: [{ added: 0, changed: 0 }] }]);
  expect(rest.asked).toHaveLength(1);
  expect((await work.verb('verify --deep', { dataDir: copy })).code).toBe(0);
});

it('fetch is a step like the others: of the types that barloom.json names', async () => {
  const { rest, work } = await filled();
  await work.write(
    'barloom.json',
    JSON.stringify({ steps: ['fetch'], fetchTypes: ['dividends', 'splits'], restEndpoint: rest.endpoint }),
  );
  rest.asked.length = 0;
  const dry = await work.verb('sync --dry-run', { env });
  expect([dry.code, rest.asked.length]).toEqual([0, 0]);
  expect(dry.stdout).toMatch(/dividends +1 window: about \d+ requests?/);
  const ended = await work.verb(`sync --json --log-file ${work.at('sync.log')}`, { env });
  const logged = readFileSync(work.at('sync.log'), 'utf8').trim().split('\n');
  expect(logged.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ msg: 'window', table: 'dividends' }),
  );
  expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([
    0,
    {
      steps: [
        {
          step: 'fetch',
          exit_code: 0,
          types: [
            { type: 'dividends', done: 1 },
            { type: 'splits', denied: null },
          ],
        },
      ],
    },
  ]);
  const without = await work.verb('sync', {});
  expect(without.code).toBe(4);
});

it('gaps tells which windows lack and why, and backfill fetches exactly those', async () => {
  const { rest, work } = await filled();
  const before = await work.verb('gaps');
  expect([before.code, before.stderr]).toEqual([0, '']);
  rest.lists.set(splits.path, [
    { id: 's', ticker: 'AAPL', execution_date: '2021-02-03', split_from: 1, split_to: 4 },
  ]);
  rest.answer = ({ path: asked, query }) =>
    asked === splits.path && query.get('execution_date.gte') === '2021-01-01'
      ? { status: 400, body: '{"status":"ERROR","error":"not today"}' }
      : undefined;
  expect((await work.verb(`fetch splits --rest-endpoint ${rest.endpoint}`, { env })).code).toBe(3);
  const gaps = await work.verb('gaps --json');
  expect([gaps.code, JSON.parse(gaps.stdout)]).toMatchObject([
    3,
    {
      tables: [
        {
          type: 'splits',
          windows: ['2021'],
          tickers: [],
          reasons: { 2021: expect.stringContaining('not today') },
        },
      ],
    },
  ]);
  rest.answer = undefined;
  rest.asked.length = 0;
  const filling = await work.verb(`backfill --json`, {
    env: { ...env, BARLOOM_REST_ENDPOINT: rest.endpoint },
  });
  expect([filling.code, filling.stderr]).toMatchObject([0, expect.any(String)]);
  expect(rest.asked.map((one) => `${one.path} ${one.query.get('execution_date.gte')}`)).toEqual([
    `${splits.path} 2021-01-01`,
  ]);
  const told = await work.verb('gaps');
  expect([told.code, told.stdout]).toMatchObject([0, expect.not.stringContaining('tables')]);
});

it('a day after the load everything that is had in bulk is kept up with at most 35 requests', async () => {
  const [rest, work] = [await miniRest(), await Workdir.make()];
  const bare = TABLES.get('holidays')?.path;
  rest.answer = ({ path: asked }) => ({ body: asked === bare ? '[]' : '{"status":"OK","request_id":"1"}' });
  const all = `fetch fundamentals actions reference news short --backfill-years 1 --rest-endpoint ${rest.endpoint} --json`;
  const loaded = await work.verb(all, { env });
  expect(loaded.code, loaded.stderr).toBe(0);
  work.now = '2024-06-16T12:00:00Z';
  rest.asked.length = 0;
  const { code, stdout } = await work.verb(all, { env });
  expect([code, JSON.parse(stdout).requests]).toEqual([0, rest.asked.length]);
  expect(rest.asked.length).toBeGreaterThan(10);
  expect(rest.asked.length).toBeLessThanOrEqual(35);
});
