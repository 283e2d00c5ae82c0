/**
 * Runs with trouble on the wire, judged: the same as without, or the exit code and the report name exactly
 * what is lacking; nothing is half stored, nothing is left over, and a run without trouble then ends as if
 * there had been none.
 */
import { expect } from 'vitest';
import { createFaultPicker, type Fault, type FaultKind, type FaultPlan } from '#sandbox/faults/faults.js';
import type { RunningSandbox } from '#sandbox/options.js';
import { addsUp, keyOf, market, type RunOptions, Workdir } from '../../support/workdir.js';
import { SEED, type Technique } from '../technique.js';

/** Eight sessions in two months, so that one of two listings can fail. */
const DAYS = ['2024-04-26', '2024-04-29', '2024-04-30', '2024-05-01', '2024-05-02', '2024-05-03', '2024-05-06', '2024-05-07']; // biome-ignore format: a list
const TICKERS = ['AAPL', 'BRK.B', 'TRUE'];
export const RANGE = `--start ${DAYS[0]} --end ${DAYS.at(-1)} --tickers ${TICKERS.join(',')}`;
const PREFIXES = ['04', '05'].map((month) => `us_stocks_sip/day_aggs_v1/2024/${month}/`);
/**
 * No run may take longer, in ms: the longest by design is a listing that stalls five times, 30 s each, and
 * then days that do, with two minutes to spare.
 */
const LONGEST_MS = 420_000;

/** The watchdog has to end these, after 15 to 30 s each. */
export const SLOW: readonly FaultKind[] = ['stall', 'stall-head', 'drip'];
/** Nothing may be lacking after these. */
const HARMLESS: readonly FaultKind[] = [
  'bare',
  'replaced',
  'odd-etag',
  'multipart-etag',
  'list-doubles',
  'list-foreign',
  'list-unsorted',
];
/** What a run that these struck may end with; all others give 0, 3 or 5. */
const CODES: Partial<Record<FaultKind, readonly number[]>> = {
  ...Object.fromEntries(HARMLESS.map((kind) => [kind, [0]])),
  skew403: [0, 4],
  expired403: [4],
  denied403: [3, 4],
  gone404: [3],
  redirect301: [2],
  'slowdown503-tomorrow': [5],
  'list-lacking': [3],
  'list-huge': [3],
};

export function codesOf(kinds: readonly FaultKind[]): readonly number[] {
  return [...new Set(kinds.flatMap((kind) => CODES[kind] ?? [0, 3, 5]))];
}

type Tiers = Readonly<Record<string, string>>;

export interface Whole {
  readonly tiers: Tiers;
  /** The text of each ticker's series. */
  readonly series: ReadonlyMap<string, string>;
}

/** What a run without trouble leaves. */
export async function faultless(): Promise<Whole> {
  const work = await Workdir.make(await market());
  expect((await work.populate(RANGE)).code).toBe(0);
  return wholeOf(work);
}

export function wholeOf(work: Workdir): Whole {
  return { tiers: work.tiers(), series: new Map(TICKERS.map((ticker) => [ticker, work.series(ticker)])) };
}

/**
 * The plan with the first seed, from `seed` on, by which it strikes at least one first request of the range.
 */
export function striking(faults: readonly Fault[], seed = SEED): FaultPlan {
  for (let tried = seed; ; tried++) {
    const pick = createFaultPicker({ seed: tried, faults: faults.map((one) => ({ ...one, from: 1 })) });
    const struck = [
      ...PREFIXES.map((prefix) => pick('list', prefix)),
      ...DAYS.map((day) => pick('get', keyOf(day))),
    ];
    if (struck.some((hit) => hit !== undefined)) return { seed: tried, faults };
  }
}

/** One run with faults, and then one without. Returns the first one's exit code. */
export async function spoilt(
  t: Technique,
  faults: readonly Fault[],
  whole: Whole,
  seed?: number,
): Promise<void> {
  const plan = striking(faults, seed);
  const name = faults.map(
    ({ kind, rate = 1, operations }) => `${kind}:${rate}${operations ? `/${operations}` : ''}`,
  );
  await t.attempt(`${name.join(',')}@seed=${plan.seed}`, async () => {
    const sandbox = await market({ faults: plan });
    const work = await Workdir.make(sandbox);
    const { code } = await judged(work, whole);
    const struck = (await sandbox.requests()).records.filter(({ fault }) => fault !== undefined).length;
    t.injected(struck);
    expect(struck, 'requests that were struck').toBeGreaterThan(0);
    expect(codesOf(faults.map(({ kind }) => kind))).toContain(code);
    await sandbox.setFaults(undefined);
    await completes(work, whole);
    await sandbox.close();
  });
}

/** A run whose trouble may be anything: is all that it left and said true? */
export async function judged(
  work: Workdir,
  whole: Whole,
  options: RunOptions = {},
): ReturnType<Workdir['populateJson']> {
  const ended = await work.populateJson(RANGE, { killAfterMs: LONGEST_MS, ...options });
  const { code, signal, summary, stderr } = ended;
  expect(signal, 'a run that had to be killed').toBeNull();
  expect(stderr).not.toMatch(/bug of barloom|UnhandledPromise|at file:\/\//);
  expect([0, 2, 3, 4, 5]).toContain(code);
  const { days } = summary;
  expect(days.sessions).toBe(DAYS.length);
  expect(addsUp(summary), 'the states add up').toBe(true);
  const stored = work.tiers();
  const archived = DAYS.filter((day) => archiveOf(day) in stored);
  const lacking = DAYS.filter((day) => !(archiveOf(day) in stored));
  expect(days.fetched + days.from_archive + days.unchanged).toBe(archived.length);
  for (const [name, hash] of Object.entries(stored)) {
    if (name.startsWith('massive_cache/')) expect([name, hash]).toEqual([name, whole.tiers[name]]);
  }
  for (const ticker of TICKERS) expect(seriesOf(work, ticker)).toBe(linesOf(whole, ticker, archived));
  const told = summary.problems.map(({ day }) => day);
  expect(told.filter((day) => !lacking.includes(day))).toEqual([]);
  expect(told.length).toBe(days.failed + days.denied + days.missing);
  expect(lacking.length).toBe(told.length + days.available);
  for (const { reason } of summary.problems) expect(reason.length).toBeGreaterThan(10);
  if (code === 0) expect(stored).toEqual(whole.tiers);
  else expect(lacking.length).toBeGreaterThan(0);
  // Days that nobody tried are explained by what ended the run.
  if (days.available > 0) expect(stderr).toMatch(/^barloom: .{20,}/m);
  expect(leftOver(work)).toEqual([]);
  return ended;
}

/** A run without trouble after one with: fetches what lacked and nothing else, and then all is there. */
export async function completes(work: Workdir, whole: Whole): Promise<void> {
  const lacking = DAYS.filter((day) => !work.has(archiveOf(day)));
  const again = await work.populateJson(RANGE, { killAfterMs: LONGEST_MS });
  expect(again.code).toBe(0);
  expect(again.summary.problems).toEqual([]);
  expect(again.summary.days.fetched).toBe(lacking.length);
  expect(work.tiers()).toEqual(whole.tiers);
  expect(leftOver(work)).toEqual([]);
}

/** A market and a folder that has nothing yet. */
export async function troubled(
  faults?: FaultPlan,
): Promise<{ readonly sandbox: RunningSandbox; readonly work: Workdir }> {
  const sandbox = await market(faults === undefined ? {} : { faults });
  return { sandbox, work: await Workdir.make(sandbox) };
}

function archiveOf(day: string): string {
  return `massive_cache/${day}.csv.gz`;
}

function seriesOf(work: Workdir, ticker: string): string {
  return work.has('data_cache', `${ticker}_1d_data.csv`) ? work.series(ticker) : '';
}

/** A ticker's series with the rows of these days only; nothing where there is none. */
function linesOf({ series }: Whole, ticker: string, days: readonly string[]): string {
  const [header = '', ...rows] = (series.get(ticker) ?? '').split('\n');
  const kept = rows.filter((row) => days.includes(row.slice(0, 10)));
  return kept.length === 0 ? '' : `${[header, ...kept].join('\n')}\n`;
}

function leftOver(work: Workdir): readonly string[] {
  return Object.keys(work.everything()).filter(
    (name) => /tmp|\.lock$|ndjson$/.test(name) && !name.startsWith('.runs'),
  );
}
