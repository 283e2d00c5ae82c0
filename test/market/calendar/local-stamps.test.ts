import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  localStamp,
  localText,
  MOST_STAMP_BYTES,
  readLocalText,
  stampWriter,
} from '#market/calendar/local-stamps.js';

const NEW_YORK = 'America/New_York';
const ZONES = [NEW_YORK, 'UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Europe/London'];

const nano = (instant: string, fraction = '000000000') => `${Date.parse(instant) / 1000}${fraction}`;

/** The writer on a stamp that lies amid other bytes. */
function written(stamp: string, write = stampWriter(NEW_YORK)): string | undefined {
  const bytes = Buffer.from(`9,${stamp},9`);
  const target = Buffer.alloc(MOST_STAMP_BYTES + 4, '~');
  const end = write(bytes, 2, bytes.length - 2, target, 2);
  if (end === -1) {
    expect(target.toString()).toBe('~'.repeat(target.length));
    return undefined;
  }
  expect(target.toString('latin1', 0, 2)).toBe('~~');
  expect(target.toString('latin1', end)).toBe('~'.repeat(target.length - end));
  return target.toString('latin1', 2, end);
}

describe('the text of a stamp', () => {
  it.each([
    ['2024-01-02T14:30:00Z', '2024-01-02 09:30:00-05:00'],
    ['2024-07-02T13:30:00Z', '2024-07-02 09:30:00-04:00'],
    ['2024-01-03T00:59:59Z', '2024-01-02 19:59:59-05:00'],
    // 2024-03-10: 02:00 does not exist.
    ['2024-03-10T06:59:59Z', '2024-03-10 01:59:59-05:00'],
    ['2024-03-10T07:00:00Z', '2024-03-10 03:00:00-04:00'],
    // 2024-11-03: 01:30 is twice, each time with its own offset.
    ['2024-11-03T05:30:00Z', '2024-11-03 01:30:00-04:00'],
    ['2024-11-03T06:30:00Z', '2024-11-03 01:30:00-05:00'],
    ['2024-11-03T07:00:00Z', '2024-11-03 02:00:00-05:00'],
  ])('%s is %s', (instant, text) => {
    expect(written(nano(instant))).toBe(text);
    expect(localStamp(nano(instant), NEW_YORK)).toBe(text);
    expect(readLocalText(text, 'Asia/Tokyo')).toEqual({ seconds: Date.parse(instant) / 1000, fraction: '' });
  });

  it.each([
    ['123456789', '.123456789'],
    ['123456000', '.123456'],
    ['500000000', '.500000'],
    ['000000001', '.000000001'],
    ['000000000', ''],
  ])('%s ns are %j, as pandas writes them', (fraction, text) => {
    const stamp = nano('2024-01-02T14:30:00Z', fraction);
    expect(written(stamp)).toBe(`2024-01-02 09:30:00${text}-05:00`);
    expect(localStamp(stamp, NEW_YORK)).toBe(`2024-01-02 09:30:00${text}-05:00`);
    expect(written(stamp, stampWriter(NEW_YORK, 'always'))).toBe(`2024-01-02 09:30:00.${fraction}-05:00`);
  });

  it.each([
    '',
    '0',
    '-68400000000000',
    '170420580000000000',
    '17042058000000000000',
    '0704205800000000000',
    '170420580000000000x',
    '1704205800.00000000',
    '17042058e0000000000',
  ])('%j is no plain stamp', (stamp) => {
    expect(written(stamp)).toBeUndefined();
    expect(localStamp(stamp, NEW_YORK)).toBeUndefined();
  });

  it('an unknown zone is told at once', () => {
    expect(() => stampWriter('America/Springfield')).toThrow(RangeError);
  });
});

const seconds = fc.oneof(
  fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }),
  // Round the days on which clocks change in New York and on Lord Howe.
  fc
    .tuple(
      fc.constantFrom('2024-03-10', '2024-11-03', '2024-04-06', '2024-10-05'),
      fc.integer({ min: 0, max: 172_800 }),
    )
    .map(([day, after]) => Date.parse(day) / 1000 + after),
);
const fraction = fc.oneof(
  fc.constantFrom('000000000', '120000000', '000000120'),
  fc.integer({ min: 0, max: 999_999_999 }).map((n) => String(n).padStart(9, '0')),
);

describe('laws', () => {
  it('the quick way writes what the engine says, whatever it wrote before', () => {
    const writers = new Map(ZONES.map((zone) => [zone, stampWriter(zone)]));
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), seconds, fraction, (zone, at, digits) => {
        const stamp = `${at}${digits}`;
        const text = written(stamp, writers.get(zone));
        expect(text).toBe(localStamp(stamp, zone));
        expect(text?.length).toBeLessThanOrEqual(MOST_STAMP_BYTES);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read back as the same instant', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), seconds, fraction, (zone, at, digits) => {
        const read = readLocalText(localStamp(`${at}${digits}`, zone) ?? '', 'UTC');
        expect(read?.seconds).toBe(at);
        expect((read?.fraction ?? '').slice(1).padEnd(9, '0')).toBe(digits);
      }),
      { numRuns: 2000 },
    );
  });

  it('without an offset it is what the zone shows', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), seconds, (zone, at) => {
        const text = localText(at, zone);
        const read = readLocalText(text.slice(0, 19), zone);
        // Of an hour that is shown twice, the first.
        expect(localText(read?.seconds ?? 0, zone).slice(0, 19)).toBe(text.slice(0, 19));
        expect(read?.seconds).toBeLessThanOrEqual(at);
      }),
    );
  });
});

it('reads the other ways of writing it', () => {
  const at = Date.parse('2024-01-02T14:30:00Z') / 1000;
  for (const text of [
    '2024-01-02T14:30:00Z',
    '2024-01-02 14:30Z',
    '2024-01-02 09:30-05',
    '2024-01-02 09:30:00-0500',
    '2024-01-02 09:30:00 -05:00',
    '2024-01-02 20:00:00+05:30',
    '2024-01-02 09:30:00',
    '2024-01-02T09:30',
  ]) {
    expect(readLocalText(text, NEW_YORK), text).toEqual({ seconds: at, fraction: '' });
  }
  for (const text of [
    '2024-01-02',
    '2024-02-30 09:30',
    '2024-01-02 24:00:00',
    '2024-01-02 09:60:00',
    '2024-01-02 09:30:00+25:00',
    '2024-01-02 09:30:00+05:60',
    '1824-01-02 09:30:00',
    ' 2024-01-02 09:30:00',
    '2024-01-02 09:30:00 EST',
  ]) {
    expect(readLocalText(text, NEW_YORK), text).toBeUndefined();
  }
});
