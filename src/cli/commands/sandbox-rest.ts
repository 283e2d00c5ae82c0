/** The options of `barloom sandbox` that are about its REST API: a plan, or what makes one up. */
import { UsageError } from '#cli/usage-error.js';
import { isPlanName, PLANS } from '#sandbox/rest/plans.js';
import type { RestOptions, RestRate } from '#sandbox/rest/rest-options.js';
import { isRestType, REST_TYPES, type RestType } from '#sandbox/rest/rest-types.js';

const MOST_LATENCY_MS = 60_000;

/** Types that are named are denied besides those that the plan lacks; a rate takes the place of the plan's. */
export function sandboxRest(flags: Readonly<Record<string, unknown>>): RestOptions {
  const { plan, deniedTypes, rateLimit, latency } = flags;
  const planned: RestOptions = plan === undefined ? {} : planOf(String(plan));
  const denied = deniedTypes === undefined ? [] : String(deniedTypes).split(',').map(typeOf);
  return {
    ...planned,
    deniedTypes: [...(planned.deniedTypes ?? []), ...denied],
    ...(rateLimit !== undefined && { rate: rateOf(String(rateLimit)) }),
    ...(latency !== undefined && { latencyMs: latencyOf(String(latency)) }),
  };
}

function planOf(name: string): RestOptions {
  if (!isPlanName(name)) throw new UsageError(`--plan ${name} is none of ${Object.keys(PLANS).join(', ')}.`);
  return PLANS[name];
}

function typeOf(name: string): RestType {
  if (!isRestType(name)) throw new UsageError(`--denied-types: ${name} is none of ${REST_TYPES.join(', ')}.`);
  return name;
}

function rateOf(text: string): RestRate {
  const [, number, perMinute] = /^(\d{1,6})(\/min)?$/.exec(text) ?? [];
  if (number === undefined || Number(number) === 0)
    throw new UsageError(`--rate-limit ${text} is no rate such as 10 (a second) or 5/min.`);
  return { requests: Number(number), windowMs: perMinute === undefined ? 1000 : 60_000 };
}

function latencyOf(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > MOST_LATENCY_MS)
    throw new UsageError(`--latency must be a number of milliseconds up to ${MOST_LATENCY_MS}, not ${text}.`);
  return Number(text);
}
