/**
 * accepted.json: holes that the user accepted, each with a reason. An accepted day keeps its state and is
 * still reported; it only makes no run end with 3 any more. People may write the file by hand.
 */
import path from 'node:path';
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { jsonTrouble } from '#platform/disk/json-trouble.js';
import { readTextIfThere } from '#platform/disk/read-whole.js';
import { isShallow, TOO_DEEP } from '#platform/json-depth.js';

export const ACCEPTED_FILE = 'accepted.json';
const SCHEMA_VERSION = 1;
const MOST_BYTES = 16 << 20;

export interface AcceptedHole {
  readonly dataset: string;
  readonly day: IsoDay;
  readonly reason: string;
}

/** accepted.json cannot be read; the message says why. */
export class AcceptedFileError extends Error {
  constructor(message: string) {
    super(`${ACCEPTED_FILE}: ${message}: mend it or remove it`);
    this.name = 'AcceptedFileError';
  }
}

/** None where there is no file. Throws AcceptedFileError, or the disk's error. */
export async function readAccepted(dataDir: string): Promise<readonly AcceptedHole[]> {
  const text = await readAcceptedText(dataDir);
  return text === undefined ? [] : parseAccepted(text);
}

/** The file as it is; undefined where there is none. Throws the disk's error. */
export function readAcceptedText(dataDir: string): Promise<string | undefined> {
  return readTextIfThere(path.join(dataDir, ACCEPTED_FILE), MOST_BYTES);
}

/** By day, of one dataset: why each hole was accepted. */
export function acceptedOf(holes: readonly AcceptedHole[], dataset: string): ReadonlyMap<IsoDay, string> {
  return new Map(holes.filter((hole) => hole.dataset === dataset).map(({ day, reason }) => [day, reason]));
}

/**
 * The text of the file once these holes are accepted too; one that was accepted before gets the new reason.
 * Fields that barloom does not know, of the file and of its entries, stay. Throws AcceptedFileError where the
 * text cannot be read.
 */
export function withAccepted(text: string | undefined, holes: readonly AcceptedHole[]): string {
  const file = fileOf(text);
  const entries = new Map(file.accepted.map((entry) => [keyOf(entry), entry]));
  for (const hole of holes) entries.set(keyOf(hole), { ...entries.get(keyOf(hole)), ...hole });
  return render({ ...file, accepted: [...entries.values()] });
}

/** The text of the file once these days of the dataset are accepted no more. Throws as above. */
export function withoutAccepted(text: string, dataset: string, days: readonly IsoDay[]): string {
  const gone = new Set(days.map((day) => keyOf({ dataset, day })));
  const file = fileOf(text);
  return render({ ...file, accepted: file.accepted.filter((entry) => !gone.has(keyOf(entry))) });
}

interface AcceptedFile {
  readonly accepted: readonly AcceptedHole[];
}

/** With all its fields. */
function fileOf(text: string | undefined): AcceptedFile {
  if (text === undefined) return { accepted: [] };
  parseAccepted(text);
  return JSON.parse(withoutMark(text)) as AcceptedFile;
}

function render(file: AcceptedFile): string {
  const accepted = [...file.accepted].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return `${JSON.stringify({ schema_version: SCHEMA_VERSION, ...file, accepted }, undefined, 2)}\n`;
}

function keyOf({ dataset, day }: Pick<AcceptedHole, 'dataset' | 'day'>): string {
  return `${dataset} ${day}`;
}

/** Without the byte-order mark that some editors put before it. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** Throws AcceptedFileError. */
export function parseAccepted(text: string): readonly AcceptedHole[] {
  let json: unknown;
  try {
    json = JSON.parse(withoutMark(text));
  } catch (error) {
    throw new AcceptedFileError(`it is not JSON (${jsonTrouble(error, text)})`);
  }
  if (!isShallow(json)) throw new AcceptedFileError(TOO_DEEP);
  const { schema_version: version, accepted } = (json ?? {}) as Record<string, unknown>;
  if (version !== SCHEMA_VERSION)
    throw new AcceptedFileError(
      version === undefined
        ? `it has no schema_version; ${SCHEMA_VERSION} is the one that this barloom knows`
        : `its schema_version is ${short(version)}, and this barloom knows ${SCHEMA_VERSION}`,
    );
  if (!Array.isArray(accepted)) throw new AcceptedFileError('it holds no list "accepted"');
  return accepted.map((item: unknown): AcceptedHole => {
    const { dataset, day, reason } = (item ?? {}) as Record<string, unknown>;
    if (
      typeof dataset !== 'string' ||
      typeof day !== 'string' ||
      !isIsoDay(day) ||
      typeof reason !== 'string'
    )
      throw new AcceptedFileError(`it holds ${short(item)}, which lacks a dataset, day or reason`);
    return { dataset, day, reason };
  });
}

const LONGEST_QUOTE = 120;

/** Of what is wrong so much that it is found again. */
function short(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > LONGEST_QUOTE ? `${json.slice(0, LONGEST_QUOTE)}…` : json;
}
