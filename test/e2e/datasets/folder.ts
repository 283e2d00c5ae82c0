/**
 * A sandbox that serves the small market in every dataset, and a data folder filled from it, shared by the
 * cases of a file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { RunningSandbox, SandboxOptions } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';
import { type Ended, Workdir } from '../../support/workdir.js';
import { ALL, type Described, isListed, objectsOf, seriesOf, textOf } from './small-market.js';

/** The Wednesday after the Sunday on which New York's clocks go back: Tuesday's files are there. */
export const NOW = '2026-11-04T17:00:00Z';
/** And the day before, on which a folder is filled. */
export const DAY_BEFORE = '2026-11-03T17:00:00Z';
/** Friday to Monday over the change of the clocks; forex has a file of this Saturday. */
export const DAYS = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02'];
export const NEXT_DAY = '2026-11-03';
/**
 * Over the other change of the clocks (this Saturday forex has none), and a day on which New York closes
 * early.
 */
export const SPRING = ['2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'];
export const SHORT = '2025-11-28';
export const RANGE = ['--start', '2026-10-30', '--end', '2026-11-02'] as const;
export const NAMES = ALL.map(({ name }) => name).join(',');
/** Of stocks and options; of the others every ticker gets a series. */
export const WANTED: Readonly<Partial<Record<Described['mark'], readonly string[]>>> = {
  '': ['AAP', 'AAp', 'BRK.B', 'CON', 'NA', 'ZZZTA'],
  'O:': ['O:SPY', 'O:TSLA', 'O:2SPY'],
};
export const TRACK = ['--tickers', 'AAP,AAp,BRK.B,CON,NA,ZZZTA', '--underlying', 'SPY,TSLA,O:2SPY'] as const;

export async function smallMarket(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  const days = [...DAYS, NEXT_DAY, ...SPRING, SHORT];
  // A listing tells each day's size, so every day of its month is made: where it is not ours, it is not
  // there.
  const missing = ['2025-11', '2026-03', '2026-10', '2026-11'].flatMap((month) =>
    Array.from({ length: 31 }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`),
  );
  return startSandbox({ now: new Date(NOW), tickers: 0, missing, objects: objectsOf(ALL, days), ...options });
}

/** `args` of a command on this folder and this sandbox. */
export function command(
  work: Workdir,
  args: readonly string[],
  sandbox?: { readonly endpoint: string },
): Promise<Ended> {
  const where = sandbox === undefined ? [] : ['--endpoint', sandbox.endpoint];
  return work.run([...args, '--data-dir', work.data, ...where]);
}

/** The texts of the listed days. */
export function textsOf(dataset: Described, days: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    days.filter((day) => isListed(dataset, day)).map((day) => [day, textOf(dataset, day)]),
  );
}

/** The series files of a dataset as they are, by name below data_cache. */
export function seriesFiles(work: Workdir, { name, series, kind }: Described): Record<string, string> {
  const suffix = { daily: '_1d_', minute: '_1m_', trades: '_trades_', quotes: '_quotes_' }[kind];
  const folder = work.at('data_cache', series);
  const files = readdirSync(folder).filter((file) => file.includes(suffix) || name !== 'stocks_daily');
  const own = files.filter((file) => (series === '' ? file.includes(suffix) : true));
  return Object.fromEntries(
    own.map((file) => [`${series}${file}`, readFileSync(path.join(folder, file), 'utf8')]),
  );
}

export function archiveFiles(
  work: Workdir,
  { archive }: Described,
  root = 'massive_cache',
): Record<string, string> {
  const folder = work.at(root, archive);
  const files = readdirSync(folder).filter((file) => file.endsWith('.csv.gz'));
  return Object.fromEntries(
    files.map((file) => [
      file.slice(0, 10),
      gunzipSync(readFileSync(path.join(folder, file))).toString('utf8'),
    ]),
  );
}

/** Both tiers of a dataset are what the vendor's days say. */
export function expectTiers(
  work: Workdir,
  dataset: Described,
  days: readonly string[],
  wanted = WANTED[dataset.mark],
): void {
  const texts = textsOf(dataset, days);
  expect(archiveFiles(work, dataset)).toEqual(texts);
  expect(seriesFiles(work, dataset)).toEqual(seriesOf(dataset, texts, wanted));
}

/** A folder with all datasets' DAYS, as of the day before. */
export async function filledFolder(
  sandbox: RunningSandbox,
  whenOver: (remove: () => Promise<void>) => void,
  datasets = NAMES,
): Promise<Workdir> {
  const work = await Workdir.make(sandbox, whenOver);
  work.now = DAY_BEFORE;
  const track = datasets.includes('options') ? TRACK : TRACK.slice(0, 2);
  const { code, stderr } = await command(work, ['populate', '-t', datasets, ...RANGE, ...track], sandbox);
  expect(code, stderr).toBe(0);
  return work;
}
