/** The deep look: every byte of the archive, then every series beside it, slice by slice of the market. */

import { slicesOf } from '#ingest/series/market-slices.js';
import { type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { readBytes } from '#platform/disk/read.js';
import type { Threads } from '#platform/threads/threads.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { archiveFile, tocFile } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { PLAIN } from './check-ends.js';
import { compareSeries } from './compare-series.js';
import { fewTickers, minuteHoles, offDay, type Sameness, staleDays } from './day-suspicions.js';
import { seriesFile, shownFile } from './files.js';
import { DEFAULT_THRESHOLDS } from './history.js';
import { openVerifyThreads, type VerifyJobs } from './jobs.js';
import type { ArchiveDays, Look } from './look.js';
import type { CheckedDay, ExpectedDay } from './month-work.js';
import { noteSeries } from './note-series.js';
import type { SliceAnswer } from './slice-work.js';

export async function deepLook(days: ArchiveDays, series: readonly string[], look: Look): Promise<void> {
  const { context, findings } = look;
  const threads = openVerifyThreads(days.here.length < FEW_DAYS ? 0 : context.workers);
  const stop = (): void => void threads.close();
  context.signal.addEventListener('abort', stop);
  try {
    const checked = await deepDays(days.here, threads, look);
    await deepSeries({ held: days.held, checked, series }, threads, look);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof ArchiveDamage)) throw error;
    // Sound when it was checked, and not any more: somebody is writing, or the drive is dying.
    const day = error.message.slice(0, 10);
    const file = shownFile(look.folder.layout, archiveFile(look.folder.layout, look.dataset, day));
    findings.damage.push({ kind: 'archive-damaged', file, day, what: error.message.slice(12) });
  } finally {
    context.signal.removeEventListener('abort', stop);
    await threads.close();
  }
}

/** So few are checked sooner than a thread is started. */
const FEW_DAYS = 10;

async function deepDays(
  here: readonly IsoDay[],
  threads: Threads<VerifyJobs>,
  look: Look,
): Promise<readonly CheckedDay[]> {
  const { folder, dataset, context, known } = look;
  const months = new Map<string, ExpectedDay[]>();
  for (const day of here) {
    const { rows, text_sha256, sorted_sha256 } = known.days.get(day) ?? {};
    const expected = { day, rows, sha256: sorted_sha256 ?? text_sha256 };
    months.set(monthOf(day), [...(months.get(monthOf(day)) ?? []), expected]);
  }
  let done = 0;
  const { layout } = folder;
  const answers = await allOf([...months.values()], async (expected) => {
    context.signal.throwIfAborted();
    const checked = await threads.run({ kind: 'month', dataset: dataset.name, layout, days: expected });
    done += checked.length;
    context.onProgress?.(done, here.length, 'days');
    return checked;
  });
  const checked = answers.flat();
  for (const day of checked) noteDay(day, look);
  return checked;
}

function noteDay(checked: CheckedDay, { folder: { layout }, dataset, findings }: Look): void {
  const { day, problem, form } = checked;
  const file = shownFile(layout, archiveFile(layout, dataset, day));
  findings.checked.members += checked.members;
  findings.checked.bytes += checked.size;
  if (problem !== undefined) {
    const where = problem.kind === 'progress-wrong' ? 'progress.json' : file;
    findings.damage.push({ kind: problem.kind, file: where, day, what: problem.what });
  }
  if (form === 'plain') findings.harmless.push({ kind: 'archive-plain', file, day, what: PLAIN });
  if (form === 'blocks') {
    const what = 'its text is sound, in other blocks than those that barloom writes';
    findings.harmless.push({ kind: 'archive-blocks', file, day, what });
  }
  if (checked.wrongToc) {
    const toc = shownFile(layout, tocFile(layout, dataset, day));
    const what = 'it does not tell what the day holds';
    findings.damage.push({ kind: 'toc-damaged', file: toc, day, what });
  }
  for (const one of checked.leftOut) findings.leftOut.push({ day, ...one });
  findings.suspicions.push(...minuteHoles(day, checked.holes));
  if (checked.offDay.length > 0) findings.suspicions.push(offDay(day, checked.offDay));
}

async function deepSeries(
  {
    held,
    checked,
    series,
  }: Pick<ArchiveDays, 'held'> & {
    readonly checked: readonly CheckedDay[];
    readonly series: readonly string[];
  },
  threads: Threads<VerifyJobs>,
  look: Look,
): Promise<void> {
  const { folder, dataset, options, context, findings } = look;
  const { layout } = folder;
  const thresholds = options.thresholds ?? DEFAULT_THRESHOLDS;
  const isSound = ({ problem }: CheckedDay): boolean =>
    problem === undefined || problem.kind === 'progress-wrong';
  const sound = checked.filter(isSound);
  const days = sound.map(({ day }) => day);
  const compared = new Set(days);
  const passed = new Set([...held].filter((day) => !compared.has(day)));
  const wrongTocs = new Set(checked.filter(({ wrongToc }) => wrongToc).map(({ day }) => day));
  const slices = slicesOf(folder.archive(dataset), dataset, cuttable(days, folder, dataset), threads.size);
  let done = 0;
  const answers = await allOf(slices, async (slice) => {
    context.signal.throwIfAborted();
    const common = { dataset: dataset.name, layout, days, wrongTocs, passed, thresholds };
    const answer = await threads.run({ kind: 'slice', slice, ...common });
    context.onProgress?.(++done, slices.length, 'slices');
    return answer;
  });
  findings.suspicions.push(
    ...fewTickers(sound, thresholds),
    ...staleDays(days, summed(answers, days.length), thresholds),
  );
  for (const answer of answers) findings.suspicions.push(...answer.suspicions);
  const visited = noteSlices(answers, look);
  for (const ticker of series) {
    if (visited.has(ticker)) continue;
    const bytes = await readBytes(seriesFile(layout, dataset, ticker));
    findings.checked.bytes += bytes.length;
    noteSeries(ticker, compareSeries(bytes, [], { compared, passed }, dataset.series), look);
  }
}

/** Returns the tickers that were in the slices and have a series. */
function noteSlices(answers: readonly SliceAnswer[], look: Look): ReadonlySet<string> {
  const { checked } = look.findings;
  const visited = new Set<string>();
  for (const answer of answers) {
    checked.rows += answer.rows;
    checked.bytes += answer.bytes;
    for (const { ticker, compared } of answer.series) {
      visited.add(ticker);
      if (compared !== undefined) noteSeries(ticker, compared, look);
    }
  }
  return visited;
}

/** The days with one at the end that says where the market can be cut: a plain gzip does not. */
function cuttable(days: readonly IsoDay[], folder: DataFolder, dataset: Dataset): readonly IsoDay[] {
  const archive = folder.archive(dataset);
  for (let d = days.length - 1; d >= 0; d--) {
    const day = days[d] as IsoDay;
    if (archive.cutsOf(day).length > 0) return [...days.slice(0, d), ...days.slice(d + 1), day];
  }
  return days;
}

function summed(answers: readonly SliceAnswer[], days: number): Sameness {
  const sum = { common: new Int32Array(days), same: new Int32Array(days) };
  for (const { sameness } of answers) {
    for (let d = 0; d < days; d++) {
      (sum.common[d] as number) += sameness.common[d] as number;
      (sum.same[d] as number) += sameness.same[d] as number;
    }
  }
  return sum;
}

/** Results in the order of the items. The first failure is thrown, once all that was under way has ended. */
async function allOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const ended = await Promise.allSettled(items.map(work));
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
