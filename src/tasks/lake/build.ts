/**
 * `lake build` of one dataset: the days that are lacking in bronze or whose text has changed, file by file.
 * While the database writes one file, the texts of the next are inflated and proved here.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type ArchiveStore, openArchive } from '#store/archive/store.js';
import { type Bronze, columnsOf, distrust, openBronze } from '#store/lake/bronze.js';
import { daysOf, writeBuilt } from '#store/lake/built.js';
import { textSha256 } from '#store/lake/day-text.js';
import { type Partition, partitionFile, partitionOf } from '#store/lake/layout.js';
import { type FileNews, newFileBuilder } from './build-file.js';
import { checkLakeSpace } from './lake-space.js';
import { type FailedDay, type Looked, lookAtDays } from './look-at-days.js';
import type { LakeTools, OpenLake } from './open-lake.js';
import { type PlannedFile, planFiles } from './plan-build.js';

export interface BuildRequest {
  readonly dataset: Dataset;
  /** Days outside are left as they are. */
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly force: boolean;
  /** Days that `lake prune` has removed are built again where they are asked for. */
  readonly isNamed: boolean;
  /** Files that are not to be believed, with why: what a repair builds again. */
  readonly distrusted?: ReadonlyMap<Partition, string>;
}

export interface BuildPlan {
  readonly dataset: string;
  /** Days of the archive in the range. */
  readonly wanted: readonly IsoDay[];
  readonly needed: readonly IsoDay[];
  readonly files: readonly PlannedFile[];
  readonly failed: readonly FailedDay[];
  /** Bytes of the archive's files that are to be read. */
  readonly bytes: number;
  /** Days that a damaged file held and the archive does not. */
  readonly lost: readonly IsoDay[];
}

export interface BuildResult {
  readonly dataset: string;
  readonly days: Readonly<Record<'built' | 'unchanged' | 'failed', number>>;
  readonly files: number;
  /** Of what was built now. */
  readonly rows: number;
  readonly bytes: number;
  readonly left_out: number;
  readonly lossy: number;
  readonly lossy_days: readonly Pick<FileNews['texts'][number], 'day' | 'proof'>[];
  readonly failed: readonly FailedDay[];
  /** Days that a damaged file held and the archive does not. */
  readonly lost: readonly IsoDay[];
}

interface Planned {
  readonly plan: BuildPlan;
  readonly archive: ArchiveStore;
  readonly bronze: Bronze;
  readonly restamped: Looked['restamped'];
}

/** What a build would do. Throws LakeError or the disk's error. */
export async function planBronze(
  request: BuildRequest,
  lake: Pick<OpenLake, 'duck'>,
  layout: LakeTools['layout'],
): Promise<BuildPlan> {
  return (await planned(request, lake, layout)).plan;
}

/**
 * Throws LakeError, LockedError, the disk's error, or the signal's reason; what is built by then is recorded.
 */
export async function buildBronze(
  request: BuildRequest,
  lake: OpenLake,
  { layout, signal }: LakeTools,
  hear: (news: FileNews) => void,
): Promise<BuildResult> {
  const { dataset } = request;
  const { plan, bronze, restamped, archive } = await planned(request, lake, layout);
  await checkLakeSpace(plan.bytes, layout.dataDir);
  restamp(bronze, restamped, dataset);
  const builder = newFileBuilder({ dataset, archive, lake, bronze });
  const news: FileNews[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  try {
    for (const file of plan.files) {
      if (signal.aborted) break;
      const texts = builder.read(file);
      await writing;
      writing = builder.write(file, texts).then((one) => {
        if (one === undefined) return;
        news.push(one);
        hear(one);
      });
      // Whoever awaits it is told of its failure; until then nobody is.
      writing.catch(() => undefined);
    }
    await writing;
  } finally {
    await writing.catch(() => undefined);
    const hasLearned = await learnColumns(bronze, lake);
    if (news.length > 0 || restamped.length > 0 || hasLearned) await recordBuilt(bronze, request);
  }
  signal.throwIfAborted();
  return resultOf(plan, news, builder);
}

/** Of files that the record does not know, or only an older one. */
async function learnColumns({ folder, built }: Bronze, { duck }: OpenLake): Promise<boolean> {
  const unknown = [...built].filter(([, { columns }]) => columns === undefined);
  for (const [partition, file] of unknown)
    built.set(partition, {
      ...file,
      columns: await columnsOf(path.join(folder, partitionFile(partition)), await duck()),
    });
  return unknown.length > 0;
}

/** Days that were asked for by name count as kept from now on. */
function recordBuilt({ folder, built, keepFrom }: Bronze, { isNamed, range }: BuildRequest): Promise<void> {
  const lower = isNamed && keepFrom !== undefined && range.start < keepFrom;
  return writeBuilt(folder, { files: built, keepFrom: lower ? range.start : keepFrom });
}

function resultOf(
  plan: BuildPlan,
  news: readonly FileNews[],
  { failed, lost }: ReturnType<typeof newFileBuilder>,
): BuildResult {
  const texts = news.flatMap((one) => one.texts);
  const sum = (of: (one: (typeof texts)[number]['proof']) => number): number =>
    texts.reduce((total, { proof }) => total + of(proof), 0);
  const failures = [...plan.failed, ...failed];
  const wanted = new Set(plan.wanted);
  const built = texts.filter(({ day }) => wanted.has(day)).length;
  return {
    dataset: plan.dataset,
    days: { built, unchanged: plan.wanted.length - built - failures.length, failed: failures.length },
    files: news.length,
    rows: sum(({ rows }) => rows),
    bytes: news.reduce((total, { bytes }) => total + bytes, 0),
    left_out: sum(({ leftOut }) => leftOut),
    lossy: sum(({ lossy }) => lossy),
    lossy_days: texts.filter(({ proof }) => proof.lossy > 0).map(({ day, proof }) => ({ day, proof })),
    failed: failures,
    lost: [...plan.lost, ...lost].sort(),
  };
}

async function planned(
  { dataset, range, force, isNamed, distrusted = new Map() }: BuildRequest,
  { duck }: Pick<OpenLake, 'duck'>,
  layout: LakeTools['layout'],
): Promise<Planned> {
  const archive = openArchive(layout, dataset);
  const bronze = await openBronze(layout, dataset.name, duck);
  for (const [partition, what] of distrusted) distrust(bronze, [partition], what);
  const archived = archive.days();
  const from = isNamed || bronze.keepFrom === undefined ? '' : bronze.keepFrom;
  const wanted = archived.filter((day) => day >= range.start && day >= from && day <= range.end);
  const { needed, restamped, failed } = lookAtDays(wanted, {
    known: daysOf(bronze.built),
    stampOf: archive.stampOf,
    forced: force,
    hashOf: (day) => textSha256(archive, day, dataset),
  });
  const files = planFiles({
    partitionOf: (day) => partitionOf(dataset, day),
    needed,
    archived,
    builtDays: (partition) => [...(bronze.built.get(partition)?.days.keys() ?? [])],
    damaged: new Set(bronze.damaged.keys()),
  });
  const there = new Set(archived);
  const lost = [...bronze.damaged.values()]
    .flatMap(({ days }) => [...days.keys()])
    .filter((day) => !there.has(day));
  const bytes = files
    .flatMap(({ take }) => take)
    .reduce((sum, day) => sum + (archive.stampOf(day)?.size ?? 0), 0);
  return {
    plan: { dataset: dataset.name, wanted, needed, files, failed, bytes, lost },
    archive,
    bronze,
    restamped,
  };
}

function restamp({ built }: Bronze, restamped: Looked['restamped'], dataset: Dataset): void {
  for (const { day, archive } of restamped) {
    const partition = partitionOf(dataset, day);
    const file = built.get(partition);
    const known = file?.days.get(day);
    if (file === undefined || known === undefined) continue;
    built.set(partition, { ...file, days: new Map([...file.days, [day, { ...known, archive }]]) });
  }
}
