/**
 * What an answer that is no success means. The text stands in `error` or in `message`, and the body may be
 * HTML or nothing. Source: the vendor's OpenAPI document and its clients, which retry 413, 429, 499, 500, 502,
 * 503 and 504.
 */
import { SourceError, type SourceErrorKind } from '#platform/http/source-error.js';
import { kindOfStatus } from '#platform/http/status-kind.js';

export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** What Retry-After asks for, ms. */
  readonly waitMs: number | undefined;
  /** `GET /stocks/v1/dividends` */
  readonly what: string;
  readonly key: string;
}

export function refused({ status, body, waitMs, what, key }: Refusal): SourceError {
  const said = withoutKey(textOf(body), key);
  return new SourceError(kindOf(status), `${what}: HTTP ${status}${said === '' ? '' : `, ${said}`}`, {
    status,
    retryAfterMs: waitMs,
  });
}

function kindOf(status: number): SourceErrorKind {
  return status === 413 || status === 499 ? 'server' : kindOfStatus(status);
}

/** Nobody reads more of it. */
const LONGEST = 300;

function textOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return '';
    const said: unknown = Reflect.get(parsed, 'error') ?? Reflect.get(parsed, 'message');
    return typeof said === 'string' ? said.slice(0, LONGEST).trim() : '';
  } catch {
    return '';
  }
}

/** The key may come back in what a server says, as it is or escaped, or in a URL. */
export function withoutKey(text: string, key: string): string {
  const shapes = [key, encodeURIComponent(key)];
  const masked = shapes.reduce((rest, shape) => rest.replaceAll(shape, '…'), text);
  return masked.replaceAll(/(apiKey=|Bearer\s+)[^\s&"']+/gi, '$1…');
}
