/** So many requests a minute, told in the headers of every answer as Alpaca does. */

export interface TakenTurn {
  readonly isAllowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export function newMinuteRate(limit: number, clock: () => number): { take(): TakenTurn } {
  let minute = 0;
  let taken = 0;
  return {
    take: () => {
      const now = Math.floor(clock() / 60_000);
      if (now !== minute) [minute, taken] = [now, 0];
      taken++;
      return {
        isAllowed: taken <= limit,
        headers: {
          'X-RateLimit-Limit': String(limit),
          'X-RateLimit-Remaining': String(Math.max(0, limit - taken)),
          'X-RateLimit-Reset': String((minute + 1) * 60),
        },
      };
    },
  };
}
