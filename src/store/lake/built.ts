/**
 * What is built of a dataset's bronze: days with the hash of the text they were made from, and the files that
 * hold them. Each Parquet file says so itself, in its metadata; _built.json beside them is a copy for speed
 * and may be deleted.
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import type { LossyNumber } from '#market/records/number-proof.js';
import type { FileStamp } from '#platform/disk/durable.js';
import { LakeError } from './lake-error.js';
import type { Partition } from './layout.js';
import { readRecordFile, replaceRecordFile } from './record-file.js';

/** Of the files' columns and of what their metadata says. A newer barloom's is refused. */
export const LAKE_SCHEMA = 1;

export interface BuiltDay {
  /** SHA-256 of the archive's text. */
  readonly sha256: string;
  readonly rows: number;
  /** The archive's file when it was read: the same one has the same text. */
  readonly archive: FileStamp;
  /** Lines that are no records, numbers that a double changes, and the first of these. */
  readonly left_out?: number;
  readonly lossy?: number;
  readonly lossy_examples?: readonly LossyNumber[];
}

export type DaysBuilt = ReadonlyMap<IsoDay, BuiltDay>;

export interface BuiltFile {
  readonly stamp: FileStamp;
  /** Of the Parquet file's bytes; '' where it is not known any more. */
  readonly sha256: string;
  readonly days: DaysBuilt;
  /** Names in order, with commas; undefined where it was not asked for. Files of equal ones are read at once. */
  readonly columns?: string | undefined;
}

export type Built = ReadonlyMap<Partition, BuiltFile>;

export function daysOf(built: Built): Map<IsoDay, BuiltDay> {
  return new Map([...built.values()].flatMap(({ days }) => [...days]));
}

/** What a Parquet file says of itself, as it stands in its metadata. */
export function renderFileFacts(dataset: string, days: DaysBuilt): string {
  return JSON.stringify({ schema: LAKE_SCHEMA, dataset, days: Object.fromEntries(days) });
}

/** Undefined for what no barloom wrote. Throws LakeError for what a newer one did. */
export function parseFileFacts(text: string, file: string): DaysBuilt | undefined {
  const facts = parseFileDocument(text, file);
  return isRecord(facts?.['days']) ? daysFrom(facts['days']) : undefined;
}

/**
 * A JSON object that a barloom wrote; undefined for anything else. Throws LakeError for what a newer one did.
 */
export function parseFileDocument(text: string, file: string): Readonly<Record<string, unknown>> | undefined {
  const document = parsed(text);
  if (document !== undefined) refuseNewer(document['schema'], file);
  return document;
}

/** What _built.json holds. */
export interface BuiltRecord {
  readonly files: Built;
  /** `lake prune` has removed what is older: it is not built again unless its days are named. */
  readonly keepFrom: IsoDay | undefined;
}

/** Empty where there is none, or none that can be read: the files tell it again. Throws LakeError. */
export async function readBuilt(folder: string): Promise<BuiltRecord> {
  const { file, text } = await readRecordFile(folder);
  const document = parseFileDocument(text, file);
  if (document === undefined) return { files: new Map(), keepFrom: undefined };
  const files = isRecord(document['files']) ? document['files'] : {};
  const keepFrom = document['keep_from'];
  return {
    keepFrom: typeof keepFrom === 'string' && isIsoDay(keepFrom) ? keepFrom : undefined,
    files: new Map(
      Object.entries(files).flatMap(([partition, value]) => {
        if (!isRecord(value) || !isStamp(value['stamp']) || !isRecord(value['days'])) return [];
        const sha256 = String(value['sha256'] ?? '');
        const columns = typeof value['columns'] === 'string' ? value['columns'] : undefined;
        return [
          [partition, { stamp: value['stamp'], sha256, days: daysFrom(value['days']), columns }] as const,
        ];
      }),
    ),
  };
}

export function writeBuilt(folder: string, { files, keepFrom }: BuiltRecord): Promise<void> {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const document = {
    schema: LAKE_SCHEMA,
    ...(keepFrom === undefined ? {} : { keep_from: keepFrom }),
    files: Object.fromEntries(
      sorted.map(([partition, { stamp, sha256, days, columns }]) => [
        partition,
        { stamp, sha256, columns, days: Object.fromEntries(days) },
      ]),
    ),
  };
  return replaceRecordFile(folder, document);
}

function refuseNewer(schema: unknown, file: string): void {
  if (typeof schema === 'number' && schema > LAKE_SCHEMA)
    throw new LakeError(
      `${file} is of schema ${schema}, and this barloom knows ${LAKE_SCHEMA}: use the newer barloom that wrote it, or delete lake/ (it is derived) and build again`,
      'usage',
    );
}

function daysFrom(value: Readonly<Record<string, unknown>>): DaysBuilt {
  return new Map(
    Object.entries(value).flatMap(([day, one]) =>
      isRecord(one) &&
      typeof one['sha256'] === 'string' &&
      typeof one['rows'] === 'number' &&
      isStamp(one['archive'])
        ? [[day, one as unknown as BuiltDay] as const]
        : [],
    ),
  );
}

function isStamp(value: unknown): value is FileStamp {
  return isRecord(value) && typeof value['size'] === 'number' && typeof value['mtimeMs'] === 'number';
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
