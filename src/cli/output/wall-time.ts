/** Instants as people read them, on the clocks of a named zone. */

export interface WallTime {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `hh:mm`. */
  readonly time: string;
  /** `Mon`. */
  readonly weekday: string;
}

/** RangeError for an unknown zone. */
export function wallTime(instant: Date, timeZone: string): WallTime {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  return {
    day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
    weekday: part('weekday'),
  };
}

/** `New York` of `America/New_York`. */
export function placeOf(timeZone: string): string {
  return (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');
}
