import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StampedBar } from '#market/bars/bar.js';
import { type MomentOptions, momentStamps, periodStamps, resample } from '#market/bars/resample.js';
import { barWidthOf } from '#market/bars/width.js';
import { addDays } from '#market/calendar/iso-day.js';
import { localText, readLocalText } from '#market/calendar/local-stamps.js';
import {
  allHours,
  hasSession,
  nyseHours,
  SESSION_CHOICES,
  type SessionChoice,
  segmentAt,
} from '#market/calendar/trading-hours.js';
import { compareDecimal } from '#market/records/decimal.js';
import { sumDecimals } from '#market/records/decimal-sum.js';

const NEW_YORK = 'America/New_York';

function stampsOf(width: string, session: SessionChoice = 'all', more: Partial<MomentOptions> = {}) {
  const found = barWidthOf(width);
  if (found === undefined) throw new RangeError(width);
  return momentStamps(found, { timeZone: NEW_YORK, hours: nyseHours, session, ...more });
}

const flat = (stamp: string, day = stamp.slice(0, 10)): StampedBar => ({
  stamp,
  day,
  open: '1',
  high: '1',
  low: '1',
  close: '1',
  volume: '1',
});

/** A bar for every minute of a local day. */
function wholeDay(day: string, timeZone = NEW_YORK): readonly StampedBar[] {
  const seconds = (on: string) => readLocalText(`${on} 00:00`, timeZone)?.seconds ?? 0;
  const minutes = (seconds(addDays(day, 1)) - seconds(day)) / 60;
  return Array.from({ length: minutes }, (_, i) => flat(localText(seconds(day) + i * 60, timeZone), day));
}

const clocks = (bars: Iterable<StampedBar>) => Array.from(bars, ({ stamp }) => stamp.slice(11, 16)).join(' ');

describe('where bars begin', () => {
  it.each<[string, string, SessionChoice, string]>([
    ['2024-01-02', '1h', 'regular', '09:30 10:30 11:30 12:30 13:30 14:30 15:30'],
    ['2024-01-02', '60m', 'regular', '09:30 10:30 11:30 12:30 13:30 14:30 15:30'],
    ['2024-01-02', '90m', 'regular', '09:30 11:00 12:30 14:00 15:30'],
    ['2024-01-02', '4h', 'regular', '09:30 13:30'],
    ['2024-11-29', '90m', 'regular', '09:30 11:00 12:30'],
    ['2024-01-02', '4h', 'extended', '04:00 08:00 09:30 13:30 16:00'],
    ['2024-01-02', '4h', 'overnight', '00:00'],
    ['2024-01-02', '4h', 'all', '00:00 04:00 08:00 09:30 13:30 16:00 20:00'],
    ['2024-11-29', '4h', 'extended', '04:00 08:00 09:30 13:00'],
    ['2024-01-01', '4h', 'regular', ''],
  ])('%s in %s, %s: %s', (day, width, session, expected) => {
    expect(clocks(resample(wholeDay(day), stampsOf(width, session)))).toBe(expected);
  });

  it('markets that never close count from midnight, whatever is asked for', () => {
    const options = { timeZone: 'UTC', hours: allHours };
    expect(clocks(resample(wholeDay('2024-01-06', 'UTC'), stampsOf('4h', 'overnight', options)))).toBe('');
    for (const session of SESSION_CHOICES.filter((choice) => hasSession(allHours, choice))) {
      expect(clocks(resample(wholeDay('2024-01-06', 'UTC'), stampsOf('4h', session, options)))).toBe(
        '00:00 04:00 08:00 12:00 16:00 20:00',
      );
    }
  });

  it('an hour is an hour on the days on which clocks change', () => {
    const options = { hours: allHours };
    const hours = (day: string) => [...resample(wholeDay(day), stampsOf('1h', 'all', options))];
    expect(hours('2024-03-10')).toHaveLength(23);
    expect(hours('2024-11-03')).toHaveLength(25);
    expect(
      hours('2024-11-03')
        .slice(0, 4)
        .map(({ stamp }) => stamp),
    ).toEqual([
      '2024-11-03 00:00:00-04:00',
      '2024-11-03 01:00:00-04:00',
      '2024-11-03 01:00:00-05:00',
      '2024-11-03 02:00:00-05:00',
    ]);
  });

  it('minutes of the evening before are their trade date’s: a Sunday’s are in Monday’s bar, and in its week’s', () => {
    const monday = '2026-12-07';
    const bars = [
      ...['2026-12-06 21:00:00-05:00', '2026-12-06 23:59:00-05:00', '2026-12-07 00:00:00-05:00'],
      ...['2026-12-07 03:59:00-05:00', '2026-12-07 09:30:00-05:00'],
    ].map((stamp) => flat(stamp, monday));
    const made = (name: string, session: SessionChoice) =>
      Array.from(
        resample(bars, stampsOf(name, session)),
        ({ stamp, volume }) => `${stamp.slice(0, 16)} ${volume}`,
      );
    expect(made('1d', 'all')).toEqual(['2026-12-07 5']);
    expect(made('1w', 'all')).toEqual(['2026-12-07 5']);
    expect(made('1d', 'overnight')).toEqual(['2026-12-07 4']);
    expect(made('1d', 'extended')).toEqual(['2026-12-07 1']);
    expect(made('1h', 'overnight')).toEqual([
      ...['2026-12-06 21:00 1', '2026-12-06 23:00 1', '2026-12-07 00:00 1', '2026-12-07 03:00 1'],
    ]);
  });

  it('a week is stamped with its Monday, a month and a quarter with their first day', () => {
    const days = ['2024-05-31', '2024-06-04', '2024-06-07', '2024-07-01'].map((day) => flat(day));
    const stamps = (period: Parameters<typeof periodStamps>[0]) =>
      Array.from(resample(days, periodStamps(period)), ({ stamp, volume }) => `${stamp} ${volume}`);
    expect(stamps('day')).toEqual(['2024-05-31 1', '2024-06-04 1', '2024-06-07 1', '2024-07-01 1']);
    expect(stamps('week')).toEqual(['2024-05-27 1', '2024-06-03 2', '2024-07-01 1']);
    expect(stamps('month')).toEqual(['2024-05-01 1', '2024-06-01 2', '2024-07-01 1']);
    expect(stamps('quarter')).toEqual(['2024-04-01 3', '2024-07-01 1']);
  });
});

it('numbers are exact', () => {
  const bars = [
    ['10', '10.1', '9.9000000000000000001', '10', '33278552.153126'],
    ['10', '10.10000000000000000001', '9.9', '10.05', '9007199254740993'],
  ].map(([open = '', high = '', low = '', close = '', volume = ''], i) => ({
    ...{ stamp: `2024-01-02 09:3${i}:00-05:00`, day: '2024-01-02', open, high, low, close, volume },
  }));
  expect([...resample(bars, stampsOf('5m'))]).toEqual([
    {
      stamp: '2024-01-02 09:30:00-05:00',
      day: '2024-01-02',
      open: '10',
      high: '10.10000000000000000001',
      low: '9.9',
      close: '10.05',
      volume: '9007199288019545.153126',
    },
  ]);
});

it('holds one bar: the first comes before the third hour is asked for', () => {
  let asked = 0;
  function* endless(): Generator<StampedBar> {
    for (let at = Date.parse('2024-01-02T14:30:00Z') / 1000; ; at += 60) {
      asked++;
      yield flat(localText(at, NEW_YORK));
    }
  }
  for (const { volume } of resample(endless(), stampsOf('1h'))) {
    expect([volume, asked]).toEqual(['60', 61]);
    break;
  }
});

it('a stamp that is none is an error', () => {
  expect(() => [...resample([flat('2024-01-02')], stampsOf('5m'))]).toThrow(RangeError);
});

const price = fc.integer({ min: 1, max: 1_000_000 }).map((n) => String(n / 1000));
const volume = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
  fc.integer({ min: 0, max: 10 ** 9 }).map((n) => String(n / 1000)),
);
/** Minutes in order with gaps, over days on which New York's clocks change and sessions that close early. */
const minutes = fc
  .tuple(
    fc.constantFrom('2024-01-02', '2024-03-08', '2024-07-03', '2024-11-01', '2024-11-29'),
    fc.array(
      fc.tuple(
        fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 60, max: 1500 })),
        price,
        price,
        volume,
      ),
      { maxLength: 120 },
    ),
    fc.boolean(),
  )
  .map(([first, steps, isNext]) => {
    let at = Date.parse(first) / 1000 + 9 * 3600;
    return steps.map(([step, a, b, sold]): StampedBar => {
      at += step * 60;
      const [low, high] = compareDecimal(a, b) < 0 ? [a, b] : [b, a];
      const stamp = localText(at, NEW_YORK);
      const evening = Number(stamp.slice(11, 13)) >= 20;
      // Of either of its days, but of one alone.
      const day = evening && isNext ? addDays(stamp.slice(0, 10), 1) : stamp.slice(0, 10);
      return { stamp, day, open: a, high, low, close: b, volume: sold };
    });
  });
const width = fc.constantFrom(
  '1m',
  '2m',
  '5m',
  '15m',
  '30m',
  '60m',
  '1h',
  '90m',
  '4h',
  '1d',
  '1w',
  '1mo',
  '3mo',
);
const session = fc.constantFrom(...SESSION_CHOICES);
const hours = fc.constantFrom(nyseHours, allHours);

function segmentOf({ stamp, day }: StampedBar, of: typeof nyseHours) {
  const minute = Number(stamp.slice(11, 13)) * 60 + Number(stamp.slice(14, 16));
  return segmentAt(of, day, stamp.slice(0, 10) < day ? minute - 1440 : minute);
}

/** Where a market never closes, no evening is the next day's. */
function on(bars: readonly StampedBar[], of: typeof nyseHours): readonly StampedBar[] {
  return of === allHours ? bars.map((bar) => ({ ...bar, day: bar.stamp.slice(0, 10) })) : bars;
}

describe('laws', () => {
  it('every wanted bar is in one bar, in order: nothing is made up and nothing lost', () => {
    fc.assert(
      fc.property(minutes, width, session, hours, (drawn, name, choice, of) => {
        const bars = on(drawn, of);
        const stampOf = stampsOf(name, choice, { hours: of });
        const wide = [...resample(bars, stampOf)];
        const left = bars.filter(({ stamp, day }) => stampOf(stamp, day) !== undefined);
        if (choice === 'all') expect(left).toEqual(bars);
        expect(new Set(wide.map(({ stamp }) => stamp)).size).toBe(wide.length);
        for (const bar of wide) {
          const members = left.filter(({ stamp, day }) => stampOf(stamp, day) === bar.stamp);
          expect([bar.open, bar.close]).toEqual([members[0]?.open, members.at(-1)?.close]);
          expect(bar.volume).toBe(sumDecimals(members.map((member) => member.volume)));
          expect(members.map(({ high }) => high)).toContain(bar.high);
          expect(members.map(({ low }) => low)).toContain(bar.low);
          for (const { high, low } of members) {
            expect(compareDecimal(bar.high, high)).toBeGreaterThanOrEqual(0);
            expect(compareDecimal(bar.low, low)).toBeLessThanOrEqual(0);
          }
        }
        expect(sumDecimals(wide.map((bar) => bar.volume))).toBe(sumDecimals(left.map((bar) => bar.volume)));
      }),
    );
  });

  it('no bar of minutes spans two trade dates or two segments, and none is longer than it should be', () => {
    const short = fc.constantFrom('2m', '7m', '15m', '90m', '4h', '23h');
    fc.assert(
      fc.property(minutes, short, hours, (drawn, name, of) => {
        const bars = on(drawn, of);
        const stampOf = stampsOf(name, 'all', { hours: of });
        const parsed = barWidthOf(name);
        const length = parsed?.unit === 'minute' ? parsed.minutes * 60 : 0;
        for (const bar of bars) {
          const wide = flat(stampOf(bar.stamp, bar.day) ?? '', bar.day);
          expect(segmentOf(wide, of)).toEqual(segmentOf(bar, of));
          const [at, from] = [bar, wide].map(({ stamp }) => readLocalText(stamp, 'UTC')?.seconds ?? 0);
          expect((at ?? 0) - (from ?? 0)).toBeGreaterThanOrEqual(0);
          expect((at ?? 0) - (from ?? 0)).toBeLessThan(length);
        }
      }),
    );
  });

  it('the bars of the regular session are those of all that begin in it', () => {
    fc.assert(
      fc.property(minutes, fc.constantFrom('5m', '60m', '90m', '4h'), (bars, name) => {
        const all = [...resample(bars, stampsOf(name, 'all'))];
        expect([...resample(bars, stampsOf(name, 'regular'))]).toEqual(
          all.filter((bar) => segmentOf(bar, nyseHours)?.kind === 'regular'),
        );
      }),
    );
  });

  it('by way of a width that divides it, it is the same', () => {
    const steps = fc.constantFrom(
      ['1m', '5m'],
      ['5m', '15m'],
      ['15m', '60m'],
      ['30m', '90m'],
      ['5m', '1d'],
      ['1h', '1w'],
    );
    fc.assert(
      fc.property(minutes, steps, session, hours, (drawn, [step = '', name = ''], choice, of) => {
        const bars = on(drawn, of);
        const direct = [...resample(bars, stampsOf(name, choice, { hours: of }))];
        const between = resample(bars, stampsOf(step, choice, { hours: of }));
        expect([...resample(between, stampsOf(name, choice, { hours: of }))]).toEqual(direct);
      }),
    );
  });
});
