/** `--tz ZONE`, or the setting: in which zone times are written. */
import type { Settings } from '#cli/settings/settings.js';
import { flagName } from '#cli/settings/settings.js';
import { UsageError } from '#cli/usage-error.js';

/**
 * `columns`: those of the lines, of which the first says whether they have times. A setting does nothing to
 * days; the option beside days is a mistake. Throws UsageError for what is no zone.
 */
export function zoneOption(settings: Settings, [stampName]: readonly string[]): string | undefined {
  const zone = settings.zone('timeZone');
  if (zone === undefined || stampName === 'Datetime') return zone;
  if (settings.origin('timeZone') === flagName('tz'))
    throw new UsageError(
      '--tz is the time zone of times, and these rows have days: give minutes, such as -t stocks_minute.',
    );
  return undefined;
}
