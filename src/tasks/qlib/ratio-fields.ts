/**
 * Ratios as fields of a Qlib folder, beside its prices: on each day the trailing ratios that were known before
 * it. They are no part of the folder's days: made after them, of the symbols that are there, and a file is
 * written only where it is another one.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { tickerEvents } from '#market/tables/actions.js';
import { type Replacement, replaceFile, replaceFiles } from '#platform/disk/durable.js';
import { readBytesIfThere } from '#platform/disk/read.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type Duck, identifier } from '#store/lake/duckdb.js';
import { layerFolder } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';
import { binBytes } from '#store/qlib/bins.js';
import { type QlibRecord, readRecord, recordFile } from '#store/qlib/record.js';
import { symbolFolder } from '#store/qlib/symbols.js';
import { tablesMark } from '#store/tables/ticker-index.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import { newestKnown, tickersSince } from '#tasks/ratios/beside-prices.js';
import { RATIOS_TABLE } from '#tasks/ratios/build.js';

export interface RatioFields {
  readonly names: readonly string[];
  /** Written or removed. */
  readonly files: number;
}

/** Files behind one barrier. */
const BATCH = 2000;

/**
 * `names`: undefined is those that the folder has; `anew`: whatever the record says. Nothing where the folder
 * is not whole. Throws the disk's error, or the signal's reason: then the next export goes on.
 */
export async function exportRatioFields(
  { folder, names, anew = false }: { folder: string; names: readonly string[] | undefined; anew?: boolean },
  lake: OpenLake,
  { layout, signal }: Pick<LakeTools, 'layout' | 'signal'>,
): Promise<RatioFields> {
  const record = await readRecord(folder);
  const before = record?.ratios?.names ?? [];
  const wanted = names ?? before;
  if (record === undefined || record.state !== 'whole' || (wanted.length === 0 && before.length === 0))
    return { names: [], files: 0 };
  const mark = ratiosMark(layout, record, wanted);
  if (!anew && record.ratios?.mark === mark) return { names: wanted, files: 0 };
  const note = (ratios: QlibRecord['ratios']): Promise<void> =>
    replaceFile(recordFile(folder), `${JSON.stringify({ ...record, ratios })}\n`);
  const dropped = before.filter((name) => !wanted.includes(name));
  await note({ names: [...wanted, ...dropped], mark: '' });
  let files = 0;
  let waiting: Replacement[] = [];
  const flush = async (): Promise<void> => {
    await replaceFiles(waiting);
    files += waiting.length;
    waiting = [];
  };
  for await (const { file, bytes } of ratioFiles(record, wanted, dropped, layout, await lake.duck())) {
    signal.throwIfAborted();
    const own = path.join(folder, file);
    const there = await readBytesIfThere(own);
    if (bytes === undefined) {
      if (there !== undefined) files++;
      await rm(own, { force: true });
    } else if (there === undefined || !there.equals(bytes)) waiting.push({ file: own, content: bytes });
    if (waiting.length === BATCH) await flush();
  }
  await flush();
  await note({ names: wanted, mark });
  return { names: wanted, files };
}

/** What is not as it should be, below the folder. Nothing where the next export makes them anew. */
export async function ratioDamage(
  folder: string,
  record: QlibRecord,
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: () => Promise<Duck>,
): Promise<readonly string[]> {
  const { names = [], mark } = record.ratios ?? {};
  if (names.length === 0 || mark !== ratiosMark(layout, record, names)) return [];
  const damaged: string[] = [];
  for await (const { file, bytes } of ratioFiles(record, names, [], layout, await duck())) {
    const there = await readBytesIfThere(path.join(folder, file));
    const isRight = bytes === undefined ? there === undefined : there?.equals(bytes) === true;
    if (!isRight) damaged.push(file);
  }
  return damaged;
}

/** Of all that the files are made of. */
function ratiosMark(
  layout: Pick<FolderLayout, 'dataDir'>,
  { days, symbols }: QlibRecord,
  names: readonly string[],
): string {
  const built = [...filesIn(layerFolder(layout, 'silver', RATIOS_TABLE))].sort();
  const calendar = days.map(([day]) => day);
  return sha256(JSON.stringify([names, built, tablesMark(layout, [tickerEvents.name]), calendar, symbols]));
}

interface RatioFile {
  /** Below the folder. */
  readonly file: string;
  /** Undefined: there is to be none. */
  readonly bytes: Uint8Array | undefined;
}

/** What was known from the day behind `knownOn` on. */
interface Step {
  readonly knownOn: IsoDay;
  /** From which on the ticker was the company's; '' for ever. */
  readonly since: IsoDay;
  readonly values: readonly number[];
}

async function* ratioFiles(
  { days, symbols }: QlibRecord,
  names: readonly string[],
  dropped: readonly string[],
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: Duck,
): AsyncGenerator<RatioFile> {
  const steps = names.length === 0 ? new Map<string, Step[]>() : await stepsOf(names, layout, duck);
  for (const [symbol, [ticker, first, last]] of Object.entries(symbols)) {
    const below = path.join('features', symbolFolder(symbol));
    const own = steps.get(ticker);
    const known =
      own === undefined
        ? undefined
        : days
            .slice(first, last + 1)
            .map(([day]) => own.findLast((step) => step.knownOn < day && day >= step.since));
    for (const [i, name] of names.entries()) {
      const values = known?.map((step) => step?.values[i] ?? Number.NaN);
      yield {
        file: path.join(below, fileOf(name)),
        bytes: values === undefined ? undefined : binBytes(first, Float32Array.from(values)),
      };
    }
    for (const name of dropped) yield { file: path.join(below, fileOf(name)), bytes: undefined };
  }
}

function fileOf(name: string): string {
  return `${name}.day.bin`;
}

async function stepsOf(
  names: readonly string[],
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: Duck,
): Promise<Map<string, Step[]>> {
  const columns = names.map((name) => `r.${identifier(name)}::DOUBLE`).join(', ');
  const result = await duck.connection.stream(
    `SELECT ticker, known_on::VARCHAR, coalesce(since::VARCHAR, ''), ${columns} ` +
      `FROM (${newestKnown(layout, undefined)}) r LEFT JOIN (${tickersSince(layout, undefined)}) o USING (ticker) WHERE ticker IS NOT NULL ORDER BY ticker, known_on`,
  );
  const steps = new Map<string, Step[]>();
  for await (const rows of result.yieldRowsJs())
    for (const [ticker, knownOn, since, ...values] of rows) {
      const own = steps.get(String(ticker)) ?? [];
      steps.set(String(ticker), own);
      own.push({
        knownOn: String(knownOn),
        since: String(since),
        values: values.map((value) => (value === null ? Number.NaN : Number(value))),
      });
    }
  return steps;
}
