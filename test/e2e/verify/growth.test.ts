/** Memory does not grow with the years: the peak over twenty of them beside that over one. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { SERIES_HEADER, seriesLine, Workdir } from '../../support/workdir.js';

const SESSIONS = nyse.sessions('2004-06-14', '2024-06-13');
const TICKERS = 40;

/** Bytes. */
async function peakOf(sessions: readonly string[]): Promise<number> {
  const work = await Workdir.make();
  const text = SERIES_HEADER + sessions.map((day, i) => seriesLine(day, 10 + (i % 7) / 10)).join('');
  for (let n = 0; n < TICKERS; n++) await work.write(`data_cache/T${n}_1d_data.csv`, text);
  const file = path.join(work.root, 'peak');
  const hook = path.resolve('test/bench/peak.cjs');
  const env = { NODE_OPTIONS: `--require=${hook}`, BENCH_PEAK_FILE: file };
  const { code, stdout, stderr } = await work.verb('verify', { env });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain((TICKERS * sessions.length).toLocaleString('en-US'));
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly peakBytes: number }).peakBytes;
}

it('verify: twenty years take at most a third more than one', async () => {
  const one = await peakOf(SESSIONS.slice(-251));
  const twenty = await peakOf(SESSIONS);
  expect(twenty / one).toBeLessThan(4 / 3);
});
