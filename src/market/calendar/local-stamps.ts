/**
 * The vendor's stamps, nanoseconds since the epoch, as the local date-time text that yfinance writes:
 * `2024-01-02 09:30:00-05:00`, in UTC `2024-01-02 14:30:00+00:00`. A stamp is above 2^53 and never a
 * JavaScript number: its last nine digits stay digits. What they hold beyond whole seconds is kept as pandas
 * writes it, six digits or nine: `09:30:00.000012345-05:00`.
 *
 * A minute day has 1.8 million stamps. The text of a quarter of an hour is made once and the offset of a UTC
 * day looked up once: since 1972 every zone is whole quarters away from UTC and changes its clocks at one.
 */
import { isIsoDay } from './iso-day.js';
import { instantOfWall, offsetAt } from './zone.js';

/** No local stamp is longer. */
export const MOST_STAMP_BYTES = 35;

/** Digits of a plain stamp: those of 2001-09-09 to 2286-11-20. */
const DIGITS = 19;
const SECOND_DIGITS = 10;
const QUARTER = 900;
const QUARTERS_A_DAY = 96;
/** Of a ticker's years, or of a market's day: what is over that is looked up again. */
const MOST_QUARTERS = 4096;

/**
 * Writes the local text of the stamp `bytes[start..end)` at `at`, where there must be MOST_STAMP_BYTES of
 * room. Returns its end, or -1, with nothing written, for what is not nineteen digits.
 */
export type StampWriter = (
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
) => number;

/**
 * `fraction`: where it is `always`, whole seconds have their nine zeros too. A column of both is one that
 * pandas only reads with `format='ISO8601'`: wanted for trades, never for bars. RangeError for an unknown
 * zone.
 */
export function stampWriter(timeZone: string, fraction: FractionShown = 'needed'): StampWriter {
  const quarters = new Map<number, Quarter>();
  const offsets = dayOffsets(timeZone);
  let number = Number.NaN;
  let current: Quarter = quarterOf(0, 0);
  const turnTo = (wanted: number): void => {
    let quarter = quarters.get(wanted);
    if (quarter === undefined) {
      quarter = quarterOf(wanted, offsets(wanted));
      if (quarters.size === MOST_QUARTERS) quarters.clear();
      quarters.set(wanted, quarter);
    }
    number = wanted;
    current = quarter;
  };
  return (bytes, start, end, target, at) => {
    if (end - start !== DIGITS || bytes[start] === ZERO) return -1;
    let seconds = 0;
    const point = start + SECOND_DIGITS;
    for (let i = start; i < point; i++) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      seconds = seconds * 10 + digit;
    }
    let nanoseconds = 0;
    for (let i = point; i < end; i++) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      nanoseconds = (nanoseconds * 10 + digit) | 0;
    }
    const wanted = Math.floor(seconds / QUARTER);
    if (wanted !== number) turnTo(wanted);
    const within = (seconds - wanted * QUARTER) | 0;
    const { head, minute, tail } = current;
    let to = at;
    for (let i = 0; i < head.length; i++) target[to++] = head[i] as number;
    to = twoDigits(target, to, minute + ((within / 60) | 0));
    target[to++] = COLON;
    to = twoDigits(target, to, within % 60);
    if (nanoseconds > 0 || fraction === 'always') {
      target[to++] = POINT;
      const last = fraction === 'needed' && nanoseconds % 1000 === 0 ? end - 3 : end;
      for (let i = point; i < last; i++) target[to++] = bytes[i] as number;
    }
    for (let i = 0; i < tail.length; i++) target[to++] = tail[i] as number;
    return to;
  };
}

/** A stamp's local text; undefined for what is not nineteen digits. For many stamps, `stampWriter`. */
export function localStamp(stamp: string, timeZone: string): string | undefined {
  if (!/^[1-9]\d{18}$/.test(stamp)) return undefined;
  const fraction = shownFraction(`.${stamp.slice(SECOND_DIGITS)}`);
  return localText(Number(stamp.slice(0, SECOND_DIGITS)), timeZone, fraction);
}

/** Whether whole seconds have a fraction too, of nine zeros. */
export type FractionShown = 'needed' | 'always';

/**
 * `.5` as it is shown: six digits or nine (more where there are more), and nothing where it is zero;
 * `always`: never fewer than nine.
 */
export function shownFraction(fraction: string, shown: FractionShown = 'needed'): string {
  if (shown === 'needed' && !/[1-9]/.test(fraction)) return '';
  const digits = fraction.slice(1).padEnd(9, '0');
  return `.${shown === 'needed' && /^\d{6}0+$/.test(digits) ? digits.slice(0, 6) : digits}`;
}

/** `seconds` since the epoch, whole; `fraction` is put behind them as it is. */
export function localText(seconds: number, timeZone: string, fraction = ''): string {
  const offset = secondsAheadAt(seconds, timeZone);
  const shown = new Date((seconds + offset) * 1000).toISOString();
  return `${shown.slice(0, 10)} ${shown.slice(11, 19)}${fraction}${offsetText(offset)}`;
}

/** Its day's offset is looked up once, where the stamps of a day come together. */
function secondsAheadAt(seconds: number, timeZone: string): number {
  if (seconds < SINCE_1972) return offsetAt(seconds * 1000, timeZone) / 1000;
  let offsets = offsetsOf.get(timeZone);
  if (offsets === undefined) {
    offsets = dayOffsets(timeZone);
    offsetsOf.set(timeZone, offsets);
  }
  return offsets(Math.floor(seconds / QUARTER));
}

const offsetsOf = new Map<string, (quarter: number) => number>();
const SINCE_1972 = 63_072_000;

/** A local date-time, taken apart. */
export interface LocalTime {
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  /** Its point and digits, as written; '' where it has none. */
  readonly fraction: string;
}

const LOCAL_TEXT =
  /^(\d{4})-(\d\d)-(\d\d)[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(\.\d+)? ?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * The instant of a local date-time: that of `localText`, and the other ways of writing it that ISO 8601 and
 * pandas know (`T`, `Z`, `-0500`, no seconds). One without an offset is what the clocks of `timeZone` show
 * (`instantOf` in zone.ts says which of two). Undefined for what is none.
 */
export function readLocalText(text: string, timeZone: string): LocalTime | undefined {
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset] = LOCAL_TEXT.exec(text) ?? [];
  if (year === undefined || !isIsoDay(text.slice(0, 10))) return undefined;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (offset === undefined) return { seconds: instantOfWall(wall, timeZone) / 1000, fraction };
  const ahead = secondsAhead(offset);
  return ahead === undefined ? undefined : { seconds: wall / 1000 - ahead, fraction };
}

function secondsAhead(offset: string): number | undefined {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3).replace(':', ''));
  if (minutes >= 24 * 60 || Number(offset.slice(-2)) > 59) return undefined;
  return (offset.startsWith('-') ? -60 : 60) * minutes;
}

/** `-05:00`, from seconds ahead of UTC. */
export function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / 60;
  const hour = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hour}:${String(Math.floor(minutes % 60)).padStart(2, '0')}`;
}

/** What all the stamps of a quarter of an hour have in common. */
interface Quarter {
  /** `2024-01-02 09:`. */
  readonly head: Uint8Array;
  /** Of the hour, at which it begins. */
  readonly minute: number;
  /** `-05:00`. */
  readonly tail: Uint8Array;
}

/** `number` counts quarters since the epoch. `offset`: seconds ahead of UTC. */
function quarterOf(number: number, offset: number): Quarter {
  const shown = new Date((number * QUARTER + offset) * 1000).toISOString();
  return {
    head: Buffer.from(`${shown.slice(0, 10)} ${shown.slice(11, 14)}`, 'latin1'),
    minute: Number(shown.slice(14, 16)),
    tail: Buffer.from(offsetText(offset), 'latin1'),
  };
}

/**
 * Seconds ahead of UTC in a quarter, by its number. Asks the engine twice a UTC day, but for the days on
 * which clocks change.
 */
function dayOffsets(timeZone: string): (quarter: number) => number {
  const at = (quarter: number): number => offsetAt(quarter * QUARTER * 1000, timeZone) / 1000;
  // An unknown zone is reported at once.
  at(0);
  let known = Number.NaN;
  let offset: number | undefined;
  return (quarter) => {
    const day = Math.floor(quarter / QUARTERS_A_DAY);
    if (day !== known) {
      known = day;
      const first = at(day * QUARTERS_A_DAY);
      offset = first === at((day + 1) * QUARTERS_A_DAY) ? first : undefined;
    }
    return offset ?? at(quarter);
  };
}

function twoDigits(target: Uint8Array, at: number, number: number): number {
  const tens = (number / 10) | 0;
  target[at] = ZERO + tens;
  target[at + 1] = ZERO + number - tens * 10;
  return at + 2;
}

const ZERO = 48;
const POINT = 46;
const COLON = 58;
