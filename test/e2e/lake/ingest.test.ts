/** ingest: what the vendor has is in the archive and in the lake, and a second run does nothing. */
import { expect, it } from 'vitest';
import { parquetRows } from '../../support/lake.js';
import { barLine, dayObjects, getsOf, HEADER, market, Workdir } from '../../support/workdir.js';

it('fetches and builds, only what is missing', async () => {
  const objects = dayObjects({
    '2024-06-12': HEADER + barLine('AAPL', 10) + barLine('NA', 20),
    '2024-06-13': HEADER + barLine('AAPL', 11),
  });
  const sandbox = await market({ objects });
  const workdir = await Workdir.make(sandbox);
  const ingest = `ingest -t stocks_daily -s 2024-06-12 -e 2024-06-13 --incremental --max-concurrent 2 --endpoint ${sandbox.endpoint} --json`;
  const first = await workdir.verb(ingest);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    command: 'ingest',
    datasets: [{ dataset: 'stocks_daily', days: { fetched: 2 } }],
    lake: [{ dataset: 'stocks_daily', days: { built: 2 }, rows: 3 }],
  });
  const rows = await parquetRows(
    workdir,
    'bronze',
    'stocks_daily',
    'year=2024',
    'month=06',
    '2024-06.parquet',
  );
  expect(rows.map(({ ticker, open }) => `${ticker} ${open}`)).toEqual(['AAPL 10', 'AAPL 11', 'NA 20']);
  expect(JSON.parse((await workdir.verb(ingest)).stdout)).toMatchObject({
    lake: [{ days: { built: 0, unchanged: 2 } }],
  });
  expect(Object.values(await getsOf(sandbox))).toEqual([1, 1]);
});
