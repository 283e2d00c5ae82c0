/**
 * The one home of BullMQ and its client for Redis and Valkey, which are installed unless left out and loaded where
 * they are used.
 */
import type { Redis } from 'ioredis';
import { queueConnectionError } from './judge-connection.js';
import { QueueError } from './queue-error.js';

export interface QueueTarget {
  /** Without user and password, for people. */
  readonly shown: string;
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export type Engine = typeof import('bullmq');

export interface QueueConnection {
  readonly bullmq: Engine;
  readonly redis: Redis;
  readonly target: QueueTarget;
  close(): Promise<void>;
}

const CONNECT_MS = 10_000;
/** A queue that is away is waited for so long: longer than a restart of it takes. */
const AWAY_TRIES = 60;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Tried at once; what goes away later is waited for, some minutes. `onAway`: told when it is away, and back again.
 * Throws QueueError.
 */
export async function connectQueue(
  target: QueueTarget,
  onAway: (isAway: boolean) => void = () => undefined,
): Promise<QueueConnection> {
  const { bullmq, RedisClient } = await load();
  let isOpen = false;
  const redis = new RedisClient({
    host: target.host,
    port: target.port,
    db: target.database,
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.tls ? { tls: { servername: target.host } } : {}),
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (tries) =>
      isOpen && tries <= AWAY_TRIES ? Math.min(LONGEST_PAUSE_MS, 200 * tries) : null,
  });
  let trouble: unknown;
  redis.on('error', (error) => {
    trouble = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    // What the socket says comes with the event; the promise only tells that the connection is closed.
    throw queueConnectionError(trouble ?? error, target.shown);
  }
  isOpen = true;
  let isAway = false;
  const tell = (now: boolean): void => {
    if (now !== isAway) onAway(now);
    isAway = now;
  };
  redis.on('close', () => tell(true));
  redis.on('ready', () => tell(false));
  return {
    bullmq,
    redis,
    target,
    close: async () => {
      redis.removeAllListeners('close');
      redis.disconnect();
    },
  };
}

async function load(): Promise<{
  readonly bullmq: Engine;
  readonly RedisClient: typeof import('ioredis').Redis;
}> {
  try {
    const [bullmq, { Redis: RedisClient }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, RedisClient };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new QueueError(
      'usage',
      `The queue's client is not installed (${why}): run npm install bullmq ioredis where barloom is installed`,
      error,
    );
  }
}
