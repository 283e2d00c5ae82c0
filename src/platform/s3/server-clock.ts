/**
 * Signatures are dated, and servers refuse those that are more than 15 minutes from their own clock. So
 * requests are dated by the server's clock as soon as an answer has shown it, and a wrong clock of this
 * computer costs one request that is asked again.
 */

/** Servers refuse what is 15 minutes off; a clock that is a third of it off is worth a word. */
const SUSPECT_MS = 5 * 60_000;
/** Dates that a server can mean. */
const [EARLIEST, LATEST] = [Date.UTC(2000, 0), Date.UTC(2100, 0)];
/**
 * A clock that is more than a day off has to be set: whoever answers could otherwise have requests signed that
 * are good years from now.
 */
const BELIEVED_MS = 24 * 60 * 60_000;

export function isBelieved(aheadMs: number): boolean {
  return Math.abs(aheadMs) <= BELIEVED_MS;
}

/**
 * How far the server's clock is ahead of this computer's, in ms; undefined where an answer does not say (one
 * out of a cache does not).
 */
export function serverAheadMs(headers: Readonly<Record<string, unknown>>): number | undefined {
  const { age, date } = headers;
  const time = age === undefined && typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return time >= EARLIEST && time < LATEST ? time - Date.now() : undefined;
}

/**
 * Makes `config.systemClockOffset`, by which the SDK dates what it signs and which it sets after every
 * listing, follow no clock that is too far off, and calls `onFarOff` the first time that the two clocks are far apart.
 */
export function watchServerClock(
  config: { systemClockOffset: number },
  onFarOff: ((aheadMs: number) => void) | undefined,
): void {
  let offset = 0;
  let reported = false;
  Object.defineProperty(config, 'systemClockOffset', {
    enumerable: true,
    get: () => offset,
    set: (aheadMs: number) => {
      if (!isBelieved(aheadMs)) return;
      offset = aheadMs;
      if (reported || Math.abs(aheadMs) < SUSPECT_MS) return;
      reported = true;
      onFarOff?.(aheadMs);
    },
  });
}
