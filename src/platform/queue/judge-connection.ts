/** What the error of a connection to Redis or Valkey means. Pure. */
import { certificateTrouble } from '#platform/http/certificate-trouble.js';
import { QueueError, type QueueTrouble } from './queue-error.js';

/** By what the server's answer begins with; its text is not repeated, since it may name a user. */
const ANSWERS: readonly (readonly [start: string, trouble: QueueTrouble, what: string])[] = [
  [
    'NOAUTH',
    'refused',
    'it wants a password: set REDISCLI_AUTH, or write the whole URL into BARLOOM_QUEUE_URL',
  ],
  ['WRONGPASS', 'refused', 'wrong user or password'],
  ['ERR invalid password', 'refused', 'wrong password'],
  ['ERR AUTH', 'refused', 'it has no password, and one was given'],
  ['ERR Client sent AUTH', 'refused', 'it has no password, and one was given'],
  ['NOPERM', 'refused', 'this user may not do what a queue needs'],
  ['ERR DB index', 'usage', 'there is no such database: the number behind the / is too large'],
  ['ERR invalid DB', 'usage', 'there is no such database'],
  ['LOADING', 'gone', 'it is still loading its data'],
  ['MISCONF', 'gone', 'it cannot write its data to disk'],
  ['READONLY', 'usage', 'it is a replica, which takes no tasks'],
  ['OOM', 'gone', 'it has no memory left'],
];

/** `shown`: the queue's URL without user and password. */
export function queueConnectionError(error: unknown, shown: string): QueueError {
  if (error instanceof QueueError) return error;
  const { message, code } = Object(error) as { readonly message?: unknown; readonly code?: unknown };
  const text = typeof message === 'string' ? message : '';
  const answer = ANSWERS.find(([start]) => text.startsWith(start));
  if (answer !== undefined) return new QueueError(answer[1], `The queue at ${shown} refused: ${answer[2]}.`);
  const untrusted = typeof code === 'string' ? certificateTrouble(code, shown) : undefined;
  if (untrusted !== undefined) return new QueueError('usage', `The queue cannot be used: ${untrusted}.`);
  const name = typeof code === 'string' && /^\w+$/.test(code) ? ` (${code})` : '';
  return new QueueError(
    'gone',
    `The queue at ${shown} cannot be reached${name}: is it running? The bucket is as it was; run the same command again.`,
  );
}
