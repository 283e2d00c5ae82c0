/**
 * A day's manifest in a bucket: which of the vendor's files it was made of, where its archive file is and what
 * is in it. Only ever created, never changed.
 */
import * as v from 'valibot';
import { isIsoDay } from '#market/calendar/iso-day.js';
import { BucketError } from './bucket-error.js';

export const MANIFEST_FORMAT = 1;

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const key = v.pipe(v.string(), v.minLength(1));

const manifest = v.object({
  format: v.literal(MANIFEST_FORMAT),
  dataset: v.string(),
  day: v.pipe(v.string(), v.check(isIsoDay)),
  generation: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  vendor: v.object({
    key,
    etag: v.string(),
    size: bytes,
    lastModified: v.optional(v.string()),
    /** Of the vendor's text, where its records were in no order and the archive's are. */
    textSha256: v.optional(sha256),
  }),
  /** `textSha256`: of the text that is in the archive's file. */
  archive: v.object({
    key,
    bytes,
    sha256,
    tocKey: key,
    tocBytes: bytes,
    tocSha256: sha256,
    textBytes: bytes,
    textSha256: sha256,
  }),
  tickers: v.object({ first: v.string(), last: v.string(), count: v.optional(bytes) }),
  records: bytes,
  /** How long the day took, from the first request to this manifest. */
  seconds: v.optional(v.number()),
  writtenBy: v.string(),
  writtenAt: v.pipe(v.string(), v.isoTimestamp()),
});

export type DayManifest = v.InferOutput<typeof manifest>;

export function renderManifest(of: DayManifest): string {
  return `${JSON.stringify(of, null, 2)}\n`;
}

/**
 * Undefined where the text is no manifest. Throws BucketError for one of a format that a newer barloom writes.
 * `name`: of the object, for the message.
 */
export function parseManifest(text: string, name: string): DayManifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { format } = Object(value) as { readonly format?: unknown };
  if (typeof format === 'number' && format > MANIFEST_FORMAT)
    throw new BucketError(
      `${name}: its format is ${format} and this barloom knows ${MANIFEST_FORMAT}: use a newer barloom`,
    );
  const found = v.safeParse(manifest, value);
  return found.success ? found.output : undefined;
}
