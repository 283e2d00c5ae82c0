/**
 * The lake by readers that have nothing to do with each other: DuckDB (through sql), hyparquet and, where a
 * Python has them, pandas with pyarrow, Polars and Qlib. All see the same rows.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { archived, midnight, parquetRows, type Row } from '../../support/lake.js';
import { Workdir } from '../../support/workdir.js';

const PYTHON = process.env['BARLOOM_PYTHON'] ?? 'python3';

function hasModules(...names: readonly string[]): boolean {
  const found = `import importlib.util, sys; sys.exit(not all(importlib.util.find_spec(n) for n in ${JSON.stringify(names)}))`;
  try {
    execFileSync(PYTHON, ['-c', found], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** `it`, or skipped with what is lacking in the test's name. */
function withPython(name: string, modules: readonly string[], test: () => Promise<void>): void {
  const isThere = hasModules(...modules);
  const reason = `${PYTHON} has no ${modules.join(' and ')}; BARLOOM_PYTHON names another`;
  it.skipIf(!isThere)(`${name}${isThere ? '' : ` (skipped: ${reason})`}`, test, 120_000);
}

async function market(): Promise<Workdir> {
  const workdir = await Workdir.make();
  await archived(workdir, '', '2024-01-31', [
    `AAPL,33278552.153126,184.35,185.64,186.95,183.82,${midnight('2024-01-31')},1009074`,
    `NA,100,1.0000,1,1.5,0.0001,${midnight('2024-01-31')},3`,
    `TRUE,1,745123.45,745123.45,745123.45,745123.45,${midnight('2024-01-31')},`,
  ]);
  await archived(workdir, '', '2024-02-01', [
    `1E5,7,2,2.5,3,1.75,${midnight('2024-02-01')},9`,
    `AAPL,4,184,185,186,183,${midnight('2024-02-01')},12`,
    `NA,5,1,,2,1,${midnight('2024-02-01')},1`,
  ]);
  await workdir.verb('lake build');
  return workdir;
}

const COLUMNS = ['ticker', 'date', 'ts_ns', 'open', 'high', 'low', 'close', 'volume', 'transactions'];

/** Of all files, in order; days as ISO text, whole numbers as text. */
async function byHyparquet(workdir: Workdir): Promise<readonly Row[]> {
  const months = await Promise.all(
    ['01', '02'].map((month) =>
      parquetRows(workdir, 'bronze', 'stocks_daily', 'year=2024', `month=${month}`, `2024-${month}.parquet`),
    ),
  );
  return months.flat().map((row) =>
    Object.fromEntries(
      COLUMNS.map((name) => {
        const value = row[name] ?? null;
        if (name === 'date') return [name, String(value).slice(0, 10)];
        return [name, typeof value === 'bigint' ? `${value}` : value];
      }),
    ),
  );
}

function python(script: string, ...args: readonly string[]): unknown {
  const output = execFileSync(PYTHON, ['-W', 'ignore', '-c', script, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

it('DuckDB and hyparquet see the same rows', async () => {
  const workdir = await market();
  const sql = `select ${COLUMNS.map((name) => (/_ns|transactions/.test(name) ? `${name}::varchar as ${name}` : name)).join(', ')} from stocks_daily order by date, ticker`;
  const { stdout } = await workdir.run(['sql', sql, '--format', 'ndjson', '--data-dir', workdir.data]);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  expect(rows).toHaveLength(6);
  expect(rows).toEqual(await byHyparquet(workdir));
});

const AS_ROWS = `
import json, sys
def value(name, v):
    if v is None or v != v: return None
    if name == 'date': return str(v)[:10]
    if name in ('ts_ns', 'transactions'): return str(int(v))
    return v if isinstance(v, str) else float(v)
names = sys.argv[2].split(',')
def show(rows): print(json.dumps([{n: value(n, v) for n, v in zip(names, row)} for row in rows]))
`;

withPython('pandas sees the same rows', ['pandas', 'pyarrow'], async () => {
  const workdir = await market();
  const script = `${AS_ROWS}
import pandas as pd
frame = pd.read_parquet(sys.argv[1], columns=names, dtype_backend='pyarrow').sort_values(['date', 'ticker'])
show([None if pd.isna(v) else v for v in row] for row in frame[names].itertuples(index=False))
`;
  const folder = workdir.at('lake', 'bronze', 'stocks_daily');
  expect(python(script, folder, COLUMNS.join())).toEqual(await byHyparquet(workdir));
});

withPython('Polars sees the same rows', ['polars'], async () => {
  const workdir = await market();
  const script = `${AS_ROWS}
import polars as pl
frame = pl.scan_parquet(sys.argv[1] + '/**/*.parquet', hive_partitioning=False).select(names).sort('date', 'ticker').collect()
show(frame.rows())
`;
  const folder = workdir.at('lake', 'bronze', 'stocks_daily');
  expect(python(script, folder, COLUMNS.join())).toEqual(await byHyparquet(workdir));
});

withPython('Qlib sees the closes', ['qlib'], async () => {
  const workdir = await market();
  const folder = path.join(workdir.root, 'qlib');
  await workdir.verb(`qlib export ${folder}`);
  const file = path.join(workdir.root, 'read.py');
  writeFileSync(
    file,
    `
import json, sys
import qlib
from qlib.data import D
if __name__ == '__main__':
    qlib.init(provider_uri=sys.argv[1], region='us', kernels=1)
    frame = D.features(D.instruments('all'), ['$close', '$factor'], start_time='2024-01-01', end_time='2024-12-31', freq='day')
    rows = [[i[0], str(i[1])[:10], None if r[0] != r[0] else round(float(r[0]), 4), float(r[1])] for i, r in zip(frame.index, frame.itertuples(index=False))]
    print(json.dumps(sorted(rows)))
`,
  );
  const output = execFileSync(PYTHON, ['-W', 'ignore', file, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual([
    ['%4EA', '2024-01-31', 1, 1],
    ['%4EA', '2024-02-01', null, 1],
    ['1E5', '2024-02-01', 2.5, 1],
    ['AAPL', '2024-01-31', 185.64, 1],
    ['AAPL', '2024-02-01', 185, 1],
    ['TRUE', '2024-01-31', 745123.4375, 1],
  ]);
});
