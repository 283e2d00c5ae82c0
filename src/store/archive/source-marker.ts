/**
 * The archive's marker of its source, `.source.json` in its folder: neither a lost progress.json nor a second
 * data folder may fill it from another one. There before the first day has its name. One that cannot be read
 * is as none: the next writer moves it aside.
 */
import path from 'node:path';
import { sourceText } from '#market/datasets/same-source.js';
import { moveAside, replaceFiles } from '#platform/disk/durable.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { checkOf } from '#store/ledger/check.js';

export const SOURCE_MARKER = '.source.json';
const SCHEMA_VERSION = 1;
const MOST_BYTES = 64 << 10;

/** Data of two sources would get between each other. Exit 2. */
export class OtherSourceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OtherSourceError';
  }
}

/** `what` was filled from the one, and the other is asked for. */
export function filledFromAnother(
  what: string,
  recorded: SourceIdentity,
  asked: SourceIdentity,
): OtherSourceError {
  return new OtherSourceError(
    `${what} was filled from ${sourceText(recorded)}, not from ${sourceText(asked)}: give another --data-dir ` +
      '(and --archive-dir), or say populate --adopt-source if the two hold the same data',
  );
}

export type ReadMarker = SourceIdentity | 'none' | 'unreadable';

/** Throws OtherSourceError where a newer barloom wrote it, or the disk's error. */
export async function readSourceMarker(archiveDir: string): Promise<ReadMarker> {
  const text = await readTextIfThere(path.join(archiveDir, SOURCE_MARKER), MOST_BYTES);
  if (text === undefined) return 'none';
  const { schema_version: version, endpoint, bucket, check } = fieldsOf(text);
  if (typeof version === 'number' && version > SCHEMA_VERSION)
    throw new OtherSourceError(
      `${path.join(archiveDir, SOURCE_MARKER)}: its schema_version is ${version} and this barloom knows ${SCHEMA_VERSION}: ` +
        'use a newer barloom, or another --archive-dir',
    );
  if (version !== SCHEMA_VERSION || typeof endpoint !== 'string' || typeof bucket !== 'string')
    return 'unreadable';
  // A byte that a drive has changed makes no other source.
  return check === checkOf(`${endpoint} ${bucket}`) ? { endpoint, bucket } : 'unreadable';
}

interface MarkerFields {
  readonly schema_version?: unknown;
  readonly endpoint?: unknown;
  readonly bucket?: unknown;
  readonly check?: unknown;
}

function fieldsOf(text: string): MarkerFields {
  try {
    return Object(JSON.parse(text)) as MarkerFields;
  } catch {
    return {};
  }
}

/** Durable when it resolves. Under the archive's lock only; `before`: what stands there. */
export async function writeSourceMarker(
  archiveDir: string,
  { endpoint, bucket }: SourceIdentity,
  under: { readonly before: ReadMarker; readonly checkLock: () => Promise<void>; readonly now: Date },
): Promise<void> {
  const file = path.join(archiveDir, SOURCE_MARKER);
  if (under.before === 'unreadable') await moveAside(file, 'unreadable', under.now);
  const check = checkOf(`${endpoint} ${bucket}`);
  const content = `${JSON.stringify({ schema_version: SCHEMA_VERSION, endpoint, bucket, check })}\n`;
  await replaceFiles([{ file, content }], under.checkLock);
}
