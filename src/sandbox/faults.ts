/**
 * Which request is spoilt, and how: a list of faults, each with a rate, keys and attempts. Deterministic: whether a request is hit depends
 * on the plan's seed, the fault's place, the key and how often that key was asked for, never on time or on the order of other requests.
 * How a fault looks on the wire is fault-delivery's business.
 */
import { GOLDEN, hashText } from './hash.js';

export type FaultOperation = 'list' | 'get' | 'head';

/** What a kind does, and the operations it can strike. */
const KINDS = {
  /** RST in the middle of the body. */
  reset: ['list', 'get'],
  /** A proper end of the connection in the middle of the body, shorter than its Content-Length. */
  fin: ['list', 'get'],
  /** Chunked encoding without its last chunk. */
  cut: ['list', 'get'],
  /** Neither Content-Length nor chunks; the connection's end looks like the body's. */
  'close-cut': ['list', 'get'],
  /** Headers, half of the body, then silence. */
  stall: ['list', 'get'],
  /** The request is taken, and nothing follows. */
  'stall-head': ['list', 'get', 'head'],
  /** The body in pieces of 16 bytes, four a second. */
  drip: ['list', 'get'],
  /** 503 SlowDown. */
  slowdown503: ['list', 'get', 'head'],
  /** 503 SlowDown with Retry-After: 1. */
  'slowdown503-retry-after': ['list', 'get', 'head'],
  error500: ['list', 'get', 'head'],
  /** 429 with Retry-After: 1. */
  'too-many429': ['list', 'get', 'head'],
  /** A Content-Length that is too short, and a body to fit it. */
  'short-length': ['get'],
  /** A Content-Length that is too long; the connection ends after the true body. */
  'long-length': ['get'],
  /** One bit of one byte. */
  flip: ['get'],
  /** The text as gzip of two members, of which only the first is sent: a valid gzip of half the day. */
  'member-cut': ['get'],
  /** 64 bytes behind the gzip, with a Content-Length to fit. */
  garbage: ['get'],
  /** 200 with a login page. */
  html200: ['list', 'get'],
  /** The listing's XML ends in its middle, with a Content-Length to fit. */
  'truncated-list': ['list'],
  /** The object is compressed anew just before it is sent: other bytes, ETag and size than listed, the same text. */
  replaced: ['get'],
  /** 403 RequestTimeTooSkewed. */
  skew403: ['list', 'get', 'head'],
  /** 403 ExpiredToken. */
  expired403: ['list', 'get', 'head'],
} as const satisfies Record<string, readonly FaultOperation[]>;

export type FaultKind = keyof typeof KINDS;

export const FAULT_KINDS: readonly FaultKind[] = Object.keys(KINDS).filter(isFaultKind);

export interface Fault {
  readonly kind: FaultKind;
  /** Share of the attempts that are hit, 0 to 1. Default 1. */
  readonly rate?: number;
  /** Object keys, or a listing's prefixes. All where absent. A function cannot go to a worker. */
  readonly keys?: readonly string[] | ((key: string) => boolean);
  /** Only the first so many attempts of a key. Default: all; 1 for `replaced`. */
  readonly times?: number;
  /** Only these operations. Default: all that the kind can strike. */
  readonly operations?: readonly FaultOperation[];
}

export interface FaultPlan {
  /** Default 1. */
  readonly seed?: number;
  /** The first that hits is the one; its predecessors' misses do not count as its attempts. */
  readonly faults: readonly Fault[];
}

export interface FaultHit {
  readonly kind: FaultKind;
  /** An unsigned 32-bit integer that says where exactly it strikes. */
  readonly where: number;
}

/** Answers for each request in turn what is wrong with it; it counts the attempts of each key. */
export type FaultPicker = (operation: FaultOperation, key: string) => FaultHit | undefined;

export function createFaultPicker(plan: FaultPlan | undefined): FaultPicker {
  const attempts = new Map<string, number>();
  const faults = plan?.faults ?? [];
  const seed = plan?.seed ?? 1;
  if (faults.length === 0) return () => undefined;

  return (operation, key) => {
    const attempted = `${operation} ${key}`;
    const attempt = (attempts.get(attempted) ?? 0) + 1;
    attempts.set(attempted, attempt);
    for (const [place, fault] of faults.entries()) {
      if (
        !strikes(fault, operation, key) ||
        attempt > (fault.times ?? (fault.kind === 'replaced' ? 1 : Infinity))
      )
        continue;
      const hash = hashText(`${attempted} ${attempt}`, seed + Math.imul(place + 1, GOLDEN)) >>> 0;
      if (hash / 2 ** 32 < (fault.rate ?? 1))
        return { kind: fault.kind, where: hashText(attempted, hash) >>> 0 };
    }
    return undefined;
  };
}

function strikes(fault: Fault, operation: FaultOperation, key: string): boolean {
  const able: readonly FaultOperation[] = KINDS[fault.kind];
  if (!able.includes(operation) || fault.operations?.includes(operation) === false) return false;
  if (fault.keys === undefined) return true;
  return typeof fault.keys === 'function' ? fault.keys(key) : fault.keys.includes(key);
}

function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(KINDS, text);
}

/**
 * Reads `kind[:rate][xTIMES][/operation]`, separated by commas, with `@seed=N` at the end: `reset:0.1,flip:0.05x2,error500/list@seed=7`.
 * RangeError that names the part which is wrong.
 */
export function parseFaultPlan(text: string): FaultPlan {
  const [list = '', ...settings] = text.split('@');
  let seed = 1;
  for (const setting of settings) {
    const [, number] = /^seed=(\d+)$/.exec(setting.trim()) ?? [];
    if (number === undefined) throw new RangeError(`fault setting "@${setting}" is not @seed=N`);
    seed = Number(number);
  }
  const parts = list.split(',').map((part) => part.trim());
  return { seed, faults: parts.filter((part) => part !== '').map(parseFault) };
}

function parseFault(text: string): Fault {
  const match = /^([a-z0-9-]+?)(?::(\d*\.?\d+))?(?:x(\d+))?(?:\/(list|get|head))?$/.exec(text);
  const [, kind = '', rate, times, operation] = match ?? [];
  if (!isFaultKind(kind)) {
    throw new RangeError(
      `fault "${text}" is none of ${FAULT_KINDS.join(', ')}, with :RATE, xTIMES, /OPERATION behind it`,
    );
  }
  if (rate !== undefined && Number(rate) > 1) throw new RangeError(`fault "${text}" has a rate above 1`);
  return {
    kind,
    ...(rate !== undefined && { rate: Number(rate) }),
    ...(times !== undefined && { times: Number(times) }),
    ...(operation !== undefined && { operations: [operation as FaultOperation] }),
  };
}
