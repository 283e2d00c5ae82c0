/** --plan: a plan's URL, and which bucket it is in. */
import { UsageError } from '#cli/usage-error.js';
import { readPlaceText } from '#store/bucket/place.js';

export interface PlanUrl {
  readonly url: string;
  /** `s3://bucket/prefix/` */
  readonly place: string;
  readonly key: string;
  readonly id: string;
}

/** Throws UsageError. */
export function planUrl(given: unknown): PlanUrl {
  const text = given === undefined ? '' : String(given);
  const named = readPlaceText(text);
  const key = named?.prefix.replace(/\/$/, '') ?? '';
  const found = /^(.*\/)?plans\/([0-9a-f]+)\.json$/.exec(key);
  if (named === undefined || found === null)
    throw new UsageError(
      `--plan ${text === '' ? 'is needed' : `${text} is no plan`}: s3://BUCKET/PREFIX/plans/ID.json, as barloom cluster plan names it.`,
    );
  const [, prefix = '', id = ''] = found;
  return { url: `s3://${named.bucket}/${key}`, place: `s3://${named.bucket}/${prefix}`, key, id };
}
