/**
 * Which request is spoilt, and how: a list of faults, each with a rate, keys and attempts. Deterministic:
 * whether a request is hit depends on the plan's seed, the fault's place, the key and how often that key was
 * asked for, never on time nor (but for `from`) on the order of other requests. How a fault looks to a client
 * is fault-delivery's business.
 */

import { GOLDEN, hashText } from '#sandbox/market/hash.js';
import { type FaultOperation, KINDS } from './fault-kinds.js';

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
  /** From this request on, counted over all keys from 1, such as keys that expire in mid-run. Default 1. */
  readonly from?: number;
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

/** Whether a kind can strike an operation at all. */
export type Ability = (kind: FaultKind, operation: FaultOperation) => boolean;

const byOperation: Ability = (kind, operation) => {
  const operations: readonly FaultOperation[] = KINDS[kind];
  return operations.includes(operation);
};

/** Answers for each request in turn what is wrong with it; it counts the attempts of each key. */
export type FaultPicker = (operation: FaultOperation, key: string) => FaultHit | undefined;

export function createFaultPicker(plan: FaultPlan | undefined, able: Ability = byOperation): FaultPicker {
  const attempts = new Map<string, number>();
  let requests = 0;
  const faults = plan?.faults ?? [];
  const seed = plan?.seed ?? 1;
  if (faults.length === 0) return () => undefined;

  return (operation, key) => {
    requests += 1;
    const attempted = `${operation} ${key}`;
    const attempt = (attempts.get(attempted) ?? 0) + 1;
    attempts.set(attempted, attempt);
    for (const [place, fault] of faults.entries()) {
      if (
        !able(fault.kind, operation) ||
        !strikes(fault, operation, key) ||
        requests < (fault.from ?? 1) ||
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
  if (fault.operations?.includes(operation) === false) return false;
  if (fault.keys === undefined) return true;
  return typeof fault.keys === 'function' ? fault.keys(key) : fault.keys.includes(key);
}

function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(KINDS, text);
}

/**
 * Reads `kind[:rate][xTIMES][+FROM][/operation]`, separated by commas, with `@seed=N` at the end:
 * `reset:0.1,flip:0.05x2,error500/list,expired403+20@seed=7`.
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
  const match = /^([a-z0-9-]+?)(?::(\d*\.?\d+))?(?:x(\d+))?(?:\+(\d+))?(?:\/(list|get|head))?$/.exec(text);
  const [, kind = '', rate, times, from, operation] = match ?? [];
  if (!isFaultKind(kind)) {
    throw new RangeError(
      `fault "${text}" is none of ${FAULT_KINDS.join(', ')}, with :RATE, xTIMES, +FROM, /OPERATION behind it`,
    );
  }
  if (rate !== undefined && Number(rate) > 1) throw new RangeError(`fault "${text}" has a rate above 1`);
  return {
    kind,
    ...(rate !== undefined && { rate: Number(rate) }),
    ...(times !== undefined && { times: Number(times) }),
    ...(from !== undefined && { from: Number(from) }),
    ...(operation !== undefined && { operations: [operation as FaultOperation] }),
  };
}
