/**
 * The Retry-After header: seconds, or an HTTP date, which is taken relative to the same answer's Date header,
 * so that neither our clock nor its error matters. Source: RFC 9110, section 10.2.3.
 */

/**
 * The longest wait that a server is granted, at once or wait after wait without a good answer in between, in
 * ms. One that asks for more is not waited for: the run ends and says so.
 */
export const LONGEST_RETRY_AFTER_MS = 5 * 60_000;

/** The wait in ms, never negative; undefined where the header is absent or makes no sense. */
export function retryAfterMs(headers: Readonly<Record<string, string | undefined>>): number | undefined {
  const value = header(headers, 'retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000);
  const until = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  const now = Date.parse(header(headers, 'date') ?? '');
  return Number.isNaN(until) || Number.isNaN(now) ? undefined : Math.max(0, until - now);
}

function header(headers: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
