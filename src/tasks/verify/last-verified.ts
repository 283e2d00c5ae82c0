/** What of a look is kept for people who look later. Pure. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { VerifiedDataset } from '#store/ledger/verified-file.js';
import type { VerifyResult } from './result.js';

/** `range`: what was looked at; undefined: everything. */
export function lastVerified(
  { deep, checked, damage, suspicions }: VerifyResult,
  range: { readonly start: IsoDay; readonly end: IsoDay } | undefined,
  now: Date,
): VerifiedDataset {
  return {
    at: now.toISOString(),
    deep,
    range: range ?? null,
    ...{ days: checked.days, series: checked.series },
    ...{ damaged: damage.length, damage, suspected: suspicions.length, suspicions },
  };
}
