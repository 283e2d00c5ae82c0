/** A day file of several gzip members with zero bytes between them: whole, or not at all. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { HEADER, Workdir } from '../../support/workdir.js';

const DAY = '2026-03-03';
const RECORDS = Array.from(
  { length: 400 },
  (_, i) => `T${String(i).padStart(3, '0')},1000,10,10.5,11,9,1772514000000000000,10\n`,
);
const FIRST = gzipSync(HEADER + RECORDS.slice(0, 104).join(''));
const SECOND = gzipSync(RECORDS.slice(104).join(''));

async function populated(bytes: Uint8Array) {
  const workdir = await Workdir.make();
  const vendor = path.join(workdir.root, 'vendor');
  const folder = path.join(vendor, 'us_stocks_sip', 'day_aggs_v1', '2026', '03');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${DAY}.csv.gz`), bytes);
  workdir.endpoint = `file:${vendor}`;
  workdir.now = '2026-03-10T20:00:00Z';
  const run = await workdir.populateJson(`--start ${DAY} --end ${DAY} --all-tickers`);
  return { workdir, run };
}

it('zeros are padding: every record arrives, in the archive and in the series', async () => {
  const { workdir, run } = await populated(
    Buffer.concat([FIRST, Buffer.alloc(512), SECOND, Buffer.alloc(9)]),
  );
  expect(run.code, run.stderr).toBe(0);
  expect(readdirSync(path.join(workdir.data, 'data_cache'))).toHaveLength(400);
  const archived = gunzipSync(readFileSync(workdir.at('massive_cache', `${DAY}.csv.gz`))).toString();
  expect(archived).toBe(HEADER + RECORDS.join(''));
  // The same bytes in the archive's own place are read alike.
  await writeFile(
    workdir.at('massive_cache', `${DAY}.csv.gz`),
    Buffer.concat([FIRST, Buffer.alloc(512), SECOND]),
  );
  expect((await workdir.verb('rebuild --all-tickers')).code).toBe(0);
  expect(readdirSync(path.join(workdir.data, 'data_cache'))).toHaveLength(400);
});

it('anything else behind a member is damage, and nothing is complete with a part', async () => {
  const { workdir, run } = await populated(
    Buffer.concat([FIRST, Buffer.alloc(512), Buffer.from('x'), SECOND]),
  );
  expect([run.code, run.summary.days.failed]).toEqual([3, 1]);
  expect(workdir.has('massive_cache', `${DAY}.csv.gz`)).toBe(false);
});
