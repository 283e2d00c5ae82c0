/** What a table's views show of versions that are there, never what was not known yet. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TABLES } from '#market/tables/all.js';
import type { TableType } from '#market/tables/table-type.js';
import { type Duck, openDuck } from '#store/lake/duckdb.js';
import { currentOf, currentView, versionsView } from '#store/tables/views.js';

let duck: Duck;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'barloom-views-'));
  duck = await openDuck({ memoryBytes: 128e6, threads: 1, spillFolder: path.join(folder, 'spill') });
});
afterAll(async () => {
  duck.close();
  await rm(folder, { recursive: true });
});

const type = (name: string): TableType => {
  const found = TABLES.get(name);
  if (found === undefined) throw new Error(name);
  return found;
};

/** id, ex-date, cash, version, first seen, assumed, gone on */
const DIVIDENDS = `SELECT NULL::VARCHAR AS ticker, * FROM (VALUES
  ('a', DATE '2020-02-03', 1.00, 1, TIMESTAMP '2026-01-05 10:00', true, NULL::DATE),
  ('a', DATE '2020-02-03', 1.10, 2, TIMESTAMP '2026-03-01 10:00', false, NULL),
  ('b', DATE '2020-06-01', 2.00, 1, TIMESTAMP '2026-01-05 10:00', true, DATE '2026-02-10'),
  ('c', DATE '2020-07-01', 3.00, 1, TIMESTAMP '2026-02-01 10:00', false, NULL),
  ('d', DATE '2026-09-01', 4.00, 1, TIMESTAMP '2026-01-05 10:00', true, NULL),
  ('e', NULL, 5.00, 1, TIMESTAMP '2026-01-05 10:00', true, NULL)
) v(id, ex_dividend_date, cash_amount, version, first_seen, assumed, gone_on)`;

async function asOf(day?: string): Promise<readonly string[]> {
  const dividends = type('dividends');
  const none = versionsView(dividends, { dataDir: folder });
  const sql = currentOf(dividends, `${none} UNION ALL BY NAME (${DIVIDENDS})`, day);
  const rows = await duck.rows(
    `SELECT id || ' ' || cash_amount::DECIMAL(9,1) AS said FROM (${sql}) ORDER BY id`,
  );
  return rows.map(({ said }) => String(said));
}

describe('a table as of a day', () => {
  it('shows today the newest version of what is not gone', async () => {
    expect(await asOf()).toEqual(['a 1.1', 'c 3.0', 'd 4.0', 'e 5.0']);
  });

  it('counts what came with the first load from its own date', async () => {
    expect(await asOf('2020-02-02')).toEqual([]);
    expect(await asOf('2020-02-03')).toEqual(['a 1.0']);
    expect(await asOf('2020-12-31')).toEqual(['a 1.0', 'b 2.0']);
  });

  it('never shows what came late before the day it was seen, nor a correction', async () => {
    expect(await asOf('2026-01-31')).toEqual(['a 1.0', 'b 2.0', 'd 4.0', 'e 5.0']);
    expect(await asOf('2026-02-01')).toContain('c 3.0');
    expect(await asOf('2026-02-28')).toContain('a 1.0');
    expect(await asOf('2026-03-01')).toContain('a 1.1');
  });

  it('shows what is gone until the day before it went', async () => {
    expect(await asOf('2026-02-09')).toContain('b 2.0');
    expect(await asOf('2026-02-10')).not.toContain('b 2.0');
  });
});

describe('a table without a file', () => {
  it.each([...TABLES.keys()])('%s has its columns and no row', async (name) => {
    const columns = await duck.rows(`DESCRIBE ${currentView(type(name), { dataDir: folder })}`);
    expect(columns.map(({ column_name }) => column_name)).toEqual([
      ...type(name).fields.map((field) => field.name),
      'extra',
      'first_seen',
      'assumed',
    ]);
    const [versions] = await duck.rows(
      `SELECT count(*)::INTEGER AS n FROM (${versionsView(type(name), { dataDir: folder })})`,
    );
    expect(versions).toEqual({ n: 0 });
  });
});
