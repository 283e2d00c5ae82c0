/** `barloom mcp` asked by the protocol's own client: every tool, and what a hostile model would try. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it, onTestFinished } from 'vitest';
import { filledOnce } from '../../support/filled-once.js';
import type { Workdir } from '../../support/workdir.js';

const filled = filledOnce('--start 2024-06-03 --end 2024-06-12 --tickers AAPL,TRUE');
const BIN = fileURLToPath(new URL('../../../bin/barloom.js', import.meta.url));

interface Told {
  readonly isError: boolean;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
}

async function connected(work: Workdir): Promise<(name: string, input?: object) => Promise<Told>> {
  const { client } = await clientOf(work);
  return async (name, input = {}) => {
    const answer = await client.callTool({ name, arguments: { ...input } });
    const [first] = answer.content;
    const text = first?.type === 'text' ? first.text : '';
    return {
      isError: answer.isError === true,
      text,
      json: () => JSON.parse(text) as Record<string, unknown>,
    };
  };
}

async function clientOf(work: Workdir) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, 'mcp', '--data-dir', work.data],
    env: { PATH: process.env['PATH'] ?? '', HOME: path.join(work.root, 'home'), BARLOOM_NOW: work.now },
    cwd: work.root,
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return { client, transport };
}

it('every tool answers with what the command of its name tells, with its range, adjustment and holes', async () => {
  const { work } = await filled();
  await work.remove('massive_cache', '2024-06-05.csv.gz');
  const ask = await connected(work);

  const coverage = (await ask('list_datasets')).json();
  expect(coverage).toMatchObject({
    datasets: [{ dataset: 'stocks_daily', first: '2024-06-03', last: '2024-06-12', adjusted: 'none' }],
  });

  const history = (
    await ask('ticker_history', { ticker: 'AAPL', start: '2024-06-03', end: '2024-06-12' })
  ).json();
  const shown = JSON.parse((await work.verb('show AAPL --start 2024-06-03 --end 2024-06-12 --json')).stdout);
  expect(history['datasets']).toEqual(shown.datasets);
  expect(shown.datasets[0]).toMatchObject({ adjusted: 'none', range: { start: '2024-06-03' } });

  for (const name of ['gaps', 'status']) {
    const { datasets } = JSON.parse((await work.verb(`${name} --json`)).stdout);
    expect((await ask(name)).json()['datasets']).toEqual(datasets);
  }
  expect((await ask('search_tickers', { like: 'AAP*' })).text).toContain('"AAPL"');

  const described = (await ask('describe_tables', { tables: ['stocks_daily'] })).json();
  expect(described['tables']).toContain('days');
  expect(JSON.stringify(described['described'])).toContain('{"name":"close","type":"DOUBLE"}');

  const sql = "SELECT ticker, date, close FROM stocks_daily WHERE ticker = 'TRUE' ORDER BY date";
  const rows = (await ask('sql', { sql, max_rows: 2 })).json();
  const whole = JSON.parse((await work.verb('export TRUE --format json')).stdout) as { close: number }[];
  expect(rows['rows']).toEqual([
    ['TRUE', '2024-06-03', whole[0]?.close],
    ['TRUE', '2024-06-04', whole[1]?.close],
  ]);
  expect(rows).toMatchObject({ truncated: true, coverage: [{ dataset: 'stocks_daily', adjusted: 'none' }] });
}, 60_000);

it('what would write, read elsewhere, or not end is refused or ended; nothing in the folder changes', async () => {
  const { work } = await filled();
  const ask = await connected(work);
  const before = work.times();
  const refused = [
    `COPY stocks_daily TO '${work.root}/x.csv'`,
    `ATTACH '${work.root}/x.db'`,
    'PRAGMA database_list',
    'SET enable_external_access = true',
    'INSTALL httpfs',
    'LOAD httpfs',
    'CREATE TABLE t AS SELECT 1',
    'DROP VIEW stocks_daily',
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    `SELECT * FROM read_text('${work.data}/../home/.aws/credentials')`,
    'SELECT 1; SELECT 2',
    `SELECT 1) TO '${work.root}/x.csv' --`,
    `SELECT * FROM (COPY stocks_daily TO '${work.root}/x.csv')`,
    'SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b',
    'WITH RECURSIVE t AS (SELECT 1 a UNION ALL SELECT a + 1 FROM t) SELECT count(*) FROM t',
    'SELECT array_agg(range) FROM range(1000000000)',
  ];
  for (const sql of refused) {
    const { isError, text } = await ask('sql', { sql, timeout_seconds: 1 });
    expect(isError, `${sql}: ${text}`).toBe(true);
  }
  const large = await ask('sql', {
    sql: "SELECT repeat('x', 1000000) AS x FROM range(5000)",
    max_rows: 1000,
  });
  expect(large.text.length).toBeLessThan(3_000_000);
  for (const ticker of ['../../etc/passwd', '/etc/passwd', '--allow-files', 'AAPL\u0000'])
    expect((await ask('ticker_history', { ticker })).isError, ticker).toBe(true);
  expect((await ask('gaps', { accept: '2024-06-05', reason: 'x' })).isError).toBe(true);
  expect((await ask('status', { dataset: '../..' })).isError).toBe(true);
  expect((await ask('sql', { sql: 'SELECT 1 AS one' })).json()['rows']).toEqual([[1]]);
  expect(work.times()).toEqual(before);
  expect(existsSync(path.join(work.root, 'x.csv'))).toBe(false);
}, 120_000);

it('resources tell tables and facts; a client that leaves ends it', async () => {
  const { work } = await filled();
  const { client, transport } = await clientOf(work);
  const pid = transport.pid as number;
  const read = async (uri: string): Promise<string> => {
    const [first] = (await client.readResource({ uri })).contents;
    return first !== undefined && 'text' in first ? first.text : '';
  };
  expect(await read('barloom://schema')).toContain('stocks_daily');
  expect(await read('barloom://facts')).toContain('as traded');
  await client.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('without a data folder: 2, and where to look', async () => {
  const { work } = await filled();
  const ended = await work.run(['mcp', '--data-dir', path.join(work.root, 'nowhere')]);
  expect([ended.code, ended.stdout]).toEqual([2, '']);
  expect(ended.stderr).toContain('nowhere');
});
