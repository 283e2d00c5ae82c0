/**
 * A build that is killed at any instant: no half file under a good name, no day twice, and the next build
 * ends it.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { archived, lakeJson, midnight, parquetRows } from '../../support/lake.js';
import { Workdir } from '../../support/workdir.js';

const MONTHS = ['01', '02', '03', '04', '05', '06'];
const ROWS = 4000;

it('what has a name is whole, and in the end each day is there once', async () => {
  const workdir = await Workdir.make();
  for (const month of MONTHS)
    for (const day of [`2024-${month}-03`, `2024-${month}-04`])
      await archived(
        workdir,
        '',
        day,
        Array.from({ length: ROWS }, (_, i) => `T${i},${i},1.5,2.25,3,1,${midnight(day)},${i}`),
      );
  const whole = (await workdir.verb('lake build --quiet')).ms;
  await workdir.remove('lake');
  for (const part of [0.45, 0.6, 0.75, 0.9]) {
    await workdir.verb('lake build --quiet', { killAfterMs: whole * part });
    for (const file of parquetFiles(workdir)) expect(await parquetRows(workdir, file)).toHaveLength(2 * ROWS);
  }
  const ended = await workdir.verb('lake build --json');
  const days = lakeJson(ended.stdout).datasets[0]?.['days'] as Record<string, number> | undefined;
  expect((days?.['built'] ?? 0) + (days?.['unchanged'] ?? 0)).toBe(2 * MONTHS.length);
  expect((await workdir.verb('lake verify')).code).toBe(0);
  expect(parquetFiles(workdir)).toHaveLength(MONTHS.length);
  const left = Object.keys(workdir.everything()).filter(
    (name) => name.startsWith('lake/') && !/\.parquet$|built\.json$/.test(name),
  );
  expect(left).toEqual([]);
}, 60_000);

function parquetFiles(workdir: Workdir): readonly string[] {
  if (!workdir.has('lake')) return [];
  return readdirSync(workdir.at('lake'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.parquet'),
  );
}
