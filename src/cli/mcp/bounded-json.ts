/**
 * A document as text that a model can take in: where it is too long, its long lists are cut, and it says so.
 * Pure.
 */
import { safeJson } from '#cli/output/safe-text.js';

/** Characters of an answer at most, as long as cutting lists brings it there. */
export const MOST_CHARACTERS = 200_000;

/** Items of any list, one limit after the other until the text is short enough. */
const LIMITS = [1000, 200, 50, 10];

export function boundedJson(document: Readonly<Record<string, unknown>>, most = MOST_CHARACTERS): string {
  let text = safeJson(document);
  for (const limit of LIMITS) {
    if (text.length <= most) return text;
    const cuts: string[] = [];
    const shorter = cut(document, limit, '', cuts) as Readonly<Record<string, unknown>>;
    text = safeJson({ ...shorter, cut: cuts });
  }
  return text;
}

/** Of lists that go by day the newest are kept, of others the first. */
function cut(value: unknown, limit: number, place: string, cuts: string[]): unknown {
  if (Array.isArray(value)) {
    const byDay = value.length > 0 && /"(date|day)":/.test(JSON.stringify(value[0]).slice(0, 30));
    const kept = value.length <= limit ? value : byDay ? value.slice(-limit) : value.slice(0, limit);
    if (kept.length < value.length)
      cuts.push(`${place}: the ${byDay ? 'last' : 'first'} ${limit} of ${value.length}`);
    return kept.map((item, i) => cut(item, limit, `${place}[${i}]`, cuts));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      cut(one, limit, place === '' ? name : `${place}.${name}`, cuts),
    ]),
  );
}
