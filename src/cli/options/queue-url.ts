/** Where the queue is: `--queue`, or BARLOOM_QUEUE_URL, which may hold the password. */
import { UsageError } from '#cli/usage-error.js';

export interface QueueUrl {
  /** Without user and password: for files, logs and people. */
  readonly shown: string;
  /** As it is connected to. */
  readonly url: string;
}

/**
 * Undefined where neither is given. A password belongs into the environment, since others see a command's words.
 * Throws UsageError.
 */
export function queueUrl(
  flag: unknown,
  env: Readonly<Record<string, string | undefined>>,
): QueueUrl | undefined {
  const given = flag === undefined ? env['BARLOOM_QUEUE_URL'] || undefined : String(flag);
  if (given === undefined) return undefined;
  const name = flag === undefined ? 'BARLOOM_QUEUE_URL' : '--queue';
  if (!URL.canParse(given)) throw new UsageError(`${name} is no URL: write redis://HOST:6379.`);
  const url = new URL(given);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw new UsageError(
      `${name} begins with ${url.protocol}: give redis://HOST:6379, or rediss:// for TLS.`,
    );
  if (flag !== undefined && url.password !== '')
    throw new UsageError(
      '--queue holds a password, which others can see: put the whole URL into BARLOOM_QUEUE_URL.',
    );
  const shown = `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
  return { shown, url: url.href };
}
