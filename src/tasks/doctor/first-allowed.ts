/**
 * The edge of what the keys may read, by bisection: everything before it is denied, everything after it is
 * not.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Probed } from '#tasks/catalog/access.js';

export interface Edge {
  /** The first day that may be read. */
  readonly day: IsoDay;
  /** Whether a day before it was denied; otherwise there is nothing before it, or it is the first of all. */
  readonly denied: boolean;
  readonly probes: number;
}

/**
 * A day that is missing is answered for by one so near; where those are missing too, nothing is taken to be
 * there before them.
 */
const NEIGHBOURS = [0, 1, -1, 2, -2];

/**
 * `days`: ascending, at least one, the last of which is known to be allowed. Tries about log2(days) + 1 of
 * them, and one more for each that is missing. Throws what `probe` throws.
 */
export async function firstAllowed(
  days: readonly IsoDay[],
  probe: (day: IsoDay) => Promise<Probed>,
): Promise<Edge> {
  const missing = new Set<number>();
  let below = -1;
  let allowed = days.length - 1;
  let denied = false;
  let probes = 0;
  const ask = async (wanted: number): Promise<{ readonly at: number; readonly came: Probed }> => {
    for (const at of NEIGHBOURS.map((distance) => wanted + distance)) {
      if (at <= below || at >= allowed || missing.has(at)) continue;
      probes++;
      const came = await probe(days[at] as IsoDay);
      if (came !== 'missing') return { at, came };
      missing.add(at);
    }
    return { at: wanted, came: 'missing' };
  };
  // The oldest day first: many plans reach back to it.
  for (let next = 0; allowed - below > 1; next = (below + allowed) >>> 1) {
    const { at, came } = await ask(next);
    if (came === 'allowed') allowed = at;
    else below = at;
    denied ||= came === 'denied';
  }
  return { day: days[allowed] as IsoDay, denied, probes };
}
