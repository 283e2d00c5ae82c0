/**
 * `credential_process` of a profile: a program that prints keys, as password managers have it. It is started
 * without a shell, its time and its output are bounded, and nothing of what it prints enters a message.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
import { spawn } from 'node:child_process';
import { SourceError } from '#platform/http/source-error.js';
import type { KeyPair } from '#platform/s3/settings.js';
import { keyPair } from './key-pair.js';

/** People may have to unlock something. */
const LONGEST_MS = 60_000;
const MOST_BYTES = 64 << 10;

/** `from`: whose it is, for messages. Throws SourceError 'unauthenticated'. */
export async function keysOfProcess(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  from: string,
): Promise<KeyPair> {
  const failed = (why: string): SourceError =>
    new SourceError('unauthenticated', `${from} ${why}: run it by hand to see why.`);
  const [program = '', ...args] = splitCommand(command);
  const printed = await outputOf(program, args, env).catch((error: unknown) => {
    throw failed(error instanceof Error ? error.message : 'failed');
  });
  let json: unknown;
  try {
    json = JSON.parse(printed);
  } catch {
    throw failed('printed no JSON');
  }
  const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Object(json) as Record<
    string,
    unknown
  >;
  if (Version !== 1) throw failed('printed no keys of version 1');
  if (typeof Expiration === 'string' && Date.parse(Expiration) < Date.now())
    throw failed('printed keys that have expired');
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const pair = keyPair(
    {
      id: ['AccessKeyId', text(AccessKeyId)],
      secret: ['SecretAccessKey', text(SecretAccessKey)],
      token: text(SessionToken),
    },
    from,
  );
  if (pair === undefined) throw failed('printed no keys');
  return pair;
}

/** Rejects with an Error whose message goes on after the program's name. */
function outputOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: false,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      child.stdout.destroy();
      reject(new Error(why));
    };
    const timer = setTimeout(() => end(`took longer than ${LONGEST_MS / 1000} s`), LONGEST_MS);
    child.on('error', (error: NodeJS.ErrnoException) =>
      end(`cannot be started (${error.code ?? 'unknown'})`),
    );
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MOST_BYTES) end(`printed more than ${MOST_BYTES} bytes`);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(new Error(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`));
    });
  });
}

/**
 * A command line into words, as a POSIX shell has it with quotes and backslashes alone: no variable, no
 * substitution, no `;`. On Windows a backslash is a part of a path.
 */
export function splitCommand(command: string, isWindows = process.platform === 'win32'): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < command.length; i++) {
    const sign = command[i] as string;
    const next = command[i + 1];
    if (quote === '' && /\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (sign === quote) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) {
      quote = sign;
      word ??= '';
    } else if (
      sign === '\\' &&
      next !== undefined &&
      !isWindows &&
      (quote === '' || (quote === '"' && /["\\]/.test(next)))
    ) {
      word = (word ?? '') + next;
      i++;
    } else word = (word ?? '') + sign;
  }
  return word === undefined ? words : [...words, word];
}
