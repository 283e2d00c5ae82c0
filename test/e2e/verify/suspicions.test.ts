/** The data as a trader sees it: told by the real command, never damage. */
import { expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import type { Suspicion, VerifyResult } from '#tasks/verify/result.js';
import { dayObjects, HEADER, market, Workdir } from '../../support/workdir.js';

const DAYS = nyse.sessions('2024-05-01', '2024-06-13');
const TICKERS = Array.from({ length: 40 }, (_, i) => `T${String(i).padStart(2, '0')}`);

/** New York's midnight of the day, in nanoseconds: daylight saving time all through. */
function stampOf(day: string): string {
  return `${Date.parse(`${day}T04:00:00Z`)}000000`;
}

function bar(ticker: string, close: number, volume: number, day: string): string {
  return `${ticker},${volume},${close},${close},${close},${close},${stampOf(day)},7\n`;
}

function dayText(day: string, d: number, tickers = TICKERS): string {
  return HEADER + tickers.map((ticker, i) => bar(ticker, 100 + i + d / 10, 10_000 + i + d, day)).join('');
}

it('each kind of suspicion is told once, with the day, and the exit code stays 0', async () => {
  const days = Object.fromEntries(DAYS.map((day, d) => [day, dayText(day, d)]));
  const at = (d: number): string => DAYS[d] ?? '';
  // T05 halves for a day; T06 trades two hundred times as much; a day lacks half the market; one is stamped
  // with the next; one is stale.
  days[at(5)] = dayText(at(5), 5).replace(/T05,(\d+),[^\n]*\n/, bar('T05', 50, 10_010, at(5)));
  days[at(8)] = dayText(at(8), 8).replace(/T06,(\d+),/, 'T06,2000000,');
  days[at(12)] = dayText(at(12), 12, TICKERS.slice(0, 20));
  days[at(15)] = dayText(at(15), 15).replaceAll(stampOf(at(15)), stampOf(at(16)));
  days[at(20)] = dayText(at(20), 19);
  const sandbox = await market({ objects: dayObjects(days) });
  const work = await Workdir.make(sandbox);
  const range = `--start ${DAYS[0]} --end ${DAYS.at(-1)}`;
  const populated = await work.populate(`${range} --tickers T05,T06`);
  expect(populated.code, populated.stderr).toBe(0);
  const verify = async (...args: string[]): Promise<readonly Suspicion[]> => {
    const { code, stdout, stderr } = await work.run(['verify', '--json', '--data-dir', work.data, ...args]);
    expect(code, stderr).toBe(0);
    const [result] = JSON.parse(stdout).datasets as [VerifyResult];
    expect(result.damage).toEqual([]);
    return result.suspicions;
  };
  const told = (suspicions: readonly Suspicion[]): unknown[] =>
    suspicions.map(({ kind, day, ticker }) => [kind, day, ticker ?? '']).sort();
  expect(told(await verify('--deep'))).toEqual([
    ['few-tickers', at(12), ''],
    ['jump', at(5), 'T05'],
    ['off-day', at(15), ''],
    ['stale', at(20), ''],
    ['volume', at(8), 'T06'],
  ]);
  // Quickly, what the series and progress.json tell.
  expect(told(await verify())).toEqual([
    ['few-tickers', at(12), ''],
    ['jump', at(5), 'T05'],
    ['volume', at(8), 'T06'],
  ]);
  const lenient = ['--max-jump', '0.9', '--max-volume', '1000', '--min-tickers', '0.4', '--max-stale', '1'];
  expect(told(await verify('--deep', ...lenient))).toEqual([['off-day', at(15), '']]);
  const strange = await work.run(['verify', '--max-jump', 'half', '--data-dir', work.data]);
  expect([strange.code, strange.stderr]).toEqual([
    2,
    expect.stringContaining('--max-jump must be a number above 0, such as 0.5, not half'),
  ]);
});
