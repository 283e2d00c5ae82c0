/**
 * GET signed by the SDK's own signer and sent by node:http over the same connections. Without the SDK's
 * layers in between a request costs half the CPU (1.15 ms of the main thread became 0.6, guards and 275 KB of
 * body included), and a run makes hundreds. An answer is given back as it came.
 */
import type { Agent } from 'node:http';
import type { S3Client } from '@aws-sdk/client-s3';
import { type HttpAnswer, type HttpGet, httpGet } from '#platform/http/http-get.js';
import { serverAheadMs } from './server-clock.js';
import type { S3Settings } from './settings.js';

/** Far more than any error's XML, in characters. */
const LONGEST_REFUSAL = 65_536;
const SERVICE = 's3';

/** From `start` on, and below `end` where there is one. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

/** @throws the socket's or the signer's error. */
export type GetRequest = (
  key: string,
  range: ByteRange,
  ifMatch: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<HttpAnswer>;

export interface Transport extends Pick<HttpGet, 'connectionTimeoutMs' | 'socketTimeoutMs'> {
  readonly agent: Agent;
}

export function getWith({ config }: S3Client, settings: S3Settings, transport: Transport): GetRequest {
  const endpoint = new URL(settings.endpoint);
  const { protocol, hostname, host, pathname } = endpoint;
  const bucketPath = `${pathname.replace(/\/+$/, '')}/${escapeSegment(settings.bucket)}/`;
  const { region } = settings;
  const scheme = { name: 'sigv4', signingName: SERVICE, signingRegion: region, properties: {} };
  let signer: ReturnType<typeof config.signer> | undefined;

  return async (key, { start, end }, ifMatch, signal) => {
    const path = bucketPath + key.split('/').map(escapeSegment).join('/');
    const headers: Record<string, string> = { host, 'user-agent': 'barloom' };
    if (start > 0 || end !== undefined)
      headers['range'] = `bytes=${start}-${end === undefined ? '' : end - 1}`;
    if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
    signer ??= config.signer(scheme);
    const signed = await (await signer).sign(
      { method: 'GET', protocol, hostname, path, query: {}, headers },
      {
        signingDate: new Date(Date.now() + config.systemClockOffset),
        signingRegion: region,
        signingService: SERVICE,
      },
    );
    signal?.throwIfAborted();
    const answer = await httpGet({ ...transport, endpoint, path, headers: signed.headers, signal });
    const aheadMs = serverAheadMs(answer.headers);
    if (aheadMs !== undefined) config.systemClockOffset = aheadMs;
    return answer;
  };
}

/**
 * The `Code` of an error's XML; undefined where there is none, or where the body breaks or is far too long
 * for one.
 */
export async function refusalCode(answer: HttpAnswer): Promise<string | undefined> {
  let text = '';
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      text += chunk;
      if (text.length > LONGEST_REFUSAL) break;
    }
  } catch {
    // The status says enough.
  }
  return text.includes('<Error') ? /<Code>\s*([^<\s]+)\s*<\/Code>/.exec(text)?.[1] : undefined;
}

/** RFC 3986: all but letters, digits, `-`, `.`, `_` and `~` become %XX. */
function escapeSegment(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
