/** The days that findings are about. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Damage, VerifyResult } from './result.js';

export function daysOf(damage: readonly Damage[], kinds: readonly Damage['kind'][]): IsoDay[] {
  return damage.flatMap(({ kind, day }) => (kinds.includes(kind) && day !== undefined ? [day] : []));
}

/** Days of the archive that the series were not compared with. */
export function uncompared({ damage }: VerifyResult): ReadonlySet<IsoDay> {
  return new Set(daysOf(damage, ['archive-gone', 'archive-damaged', 'archive-changed']));
}
