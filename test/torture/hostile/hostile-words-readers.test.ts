/**
 * The readers of barloom's small files, each given good files with any part replaced, cut at every byte, and
 * with bytes changed: what they let through has the form that the rest of the program relies on; the rest is
 * refused by the error that belongs to it, never by another.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIsoDay } from '#market/calendar/iso-day.js';
import { datasets, stocksDaily } from '#market/datasets/all.js';
import { AcceptedFileError, parseAccepted } from '#store/ledger/accepted.js';
import { ProgressFileError, parseProgress, renderProgress } from '#store/ledger/file.js';
import { emptyProgress, type Progress } from '#store/ledger/model.js';
import { isStep } from '#store/ledger/records.js';
import { parseRun } from '#store/ledger/run-file.js';
import { applyStep } from '#store/ledger/steps.js';
import { parseTickerList } from '#store/lists/list-file.js';
import { readGapsDocument } from '#tasks/gaps/gaps-document.js';
import { parseIni } from '#vendors/keys/ini.js';
import { rounds, SEED, scaled, technique } from '../technique.js';

const t = technique('hostile words, readers');
const RUNS = { numRuns: rounds(500, 50_000), seed: SEED };

const STAMP = { size: 193, mtimeMs: 1795272724811 };
const PROGRESS = {
  schema_version: 1,
  source: { endpoint: 'http://127.0.0.1:9', bucket: 'flatfiles' },
  datasets: {
    stocks_daily: {
      days: {
        '2024-06-03': {
          size: 1,
          etag: 'e',
          last_modified: '2024-06-14T17:00:00.000Z',
          rows: 3,
          text_sha256: 'a',
          archive: STAMP,
        },
        '2024-06-04': { problem: { state: 'failed', reason: 'r' }, correct: { AAPL: '1,2', B: null } },
        '2024-06-05': { pruned: true },
      },
      lookups: [{ days: [['2024-06-03', '2024-06-12']], tickers: ['AAPL'] }],
      every_ticker: { days: [['2024-06-03', '2024-06-03']], except: ['X'] },
      series: { AAPL: { ...STAMP, seen: true, next: 'a' } },
    },
  },
};
const DAY = '2024-06-06';
const STEPS: readonly unknown[] = [
  { step: 'source', source: { endpoint: 'http://x', bucket: 'b' } },
  {
    step: 'day',
    dataset: 'stocks_daily',
    day: DAY,
    record: PROGRESS.datasets.stocks_daily.days['2024-06-03'],
  },
  { step: 'looked-up', dataset: 'stocks_daily', tickers: ['A'], days: [DAY] },
  { step: 'looked-up', dataset: 'stocks_daily', tickers: '*', days: [DAY] },
  { step: 'series', dataset: 'stocks_daily', files: { A: { ...STAMP, seen: false } } },
  { step: 'forget', dataset: 'stocks_daily', tickers: ['A'] },
];
const ACCEPTED = { schema_version: 1, accepted: [{ dataset: 'stocks_daily', day: DAY, reason: 'x' }] };
const RUN = {
  schema_version: 1, command: 'populate', dataset: 'stocks_daily', pid: 7, started: '2024-06-14T17:00:00.000Z', range: { start: DAY, end: DAY },
  days: 1, done: 1, fetched: 1, from_archive: 0, downloaded: 1, seconds: 1, ended: null, exit_code: null,
}; // biome-ignore format: a record
const GAPS = {
  schema_version: 1,
  command: 'gaps',
  datasets: [{ dataset: 'stocks_daily', gaps: [{ start: DAY, end: DAY, state: 'missing' }] }],
};

/** In the place of any part of a file. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e300,
    '',
    'x',
    '__proto__',
    '9999-12-31',
    '\u001b[31m',
    [],
    {},
    ['x'],
    [null],
    { a: 1 },
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')),
);

function paths(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, part]) => paths(part, [...at, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy: unknown = Array.isArray(value) ? [...value] : { ...(value as object) };
  Object.defineProperty(copy, key, {
    value: replaced(Reflect.get(value as object, key), rest, by),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

/** The JSON of `value` with one part replaced, cut, or with a byte changed. */
function spoilt(value: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(value);
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(...paths(value)), anything)
      .map(([path, by]) => JSON.stringify(replaced(value, path, by)) ?? ''),
    fc.nat(text.length).map((length) => text.slice(0, length)),
    fc
      .tuple(fc.nat(text.length - 1), fc.nat(255))
      .map(([at, byte]) => text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1)),
    fc
      .constantFrom(...paths(value))
      .map((path) => text.replace('{', `{${JSON.stringify(path.at(-1) ?? 'x')}:5,`)),
  );
}

function property(of: fc.Arbitrary<string>, holds: (text: string) => void): void {
  fc.assert(
    fc.property(of, (text) => {
      t.tried(1);
      t.injected();
      holds(text);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    }),
    RUNS,
  );
}

function refusing<T>(read: () => T, kind: abstract new (...args: never[]) => Error): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    expect(error.message.length).toBeLessThan(500);
    return undefined;
  }
}

/** What the rest of the program takes for granted. */
function expectSound(progress: Progress): void {
  for (const dataset of progress.datasets.values()) {
    for (const [day, { problem, correct, archive, size }] of dataset.days) {
      expect(isIsoDay(day)).toBe(true);
      expect(['undefined', 'number']).toContain(typeof size);
      if (problem !== undefined) expect(typeof problem.reason).toBe('string');
      if (correct !== undefined)
        for (const bar of Object.values(correct)) expect(bar === null || typeof bar === 'string').toBe(true);
      if (archive !== undefined) expect(typeof archive.mtimeMs).toBe('number');
    }
    for (const { size, mtimeMs, seen } of dataset.series.values())
      expect([typeof size, typeof mtimeMs, typeof seen]).toEqual(['number', 'number', 'boolean']);
    for (const ranges of [dataset.everyTicker, ...dataset.lookups.values()])
      for (const [start, end] of ranges) expect(isIsoDay(start) && isIsoDay(end) && start <= end).toBe(true);
  }
}

describe('any part replaced, cut at any byte, any byte changed', {
  timeout: scaled(120_000, 3_600_000),
}, () => {
  it('progress.json', () => {
    property(spoilt(PROGRESS), (text) => {
      const progress = refusing(() => parseProgress(text), ProgressFileError);
      if (progress === undefined) return;
      expectSound(progress);
      expectSound(parseProgress(renderProgress(progress)));
    });
  });

  it('its own check finds every changed or lacking byte', () => {
    const whole = renderProgress(parseProgress(JSON.stringify(PROGRESS)));
    for (let at = 0; at < whole.length; at++) {
      for (const text of [
        whole.slice(0, at),
        whole.slice(0, at) + String.fromCharCode(whole.charCodeAt(at) ^ 1) + whole.slice(at + 1),
      ]) {
        t.tried(1);
        const read = refusing(() => parseProgress(text), ProgressFileError);
        // But for the last line end, which says nothing.
        if (text.trimEnd() !== whole.trimEnd()) expect(read, `byte ${at}`).toBeUndefined();
      }
    }
  });

  it('a step of the journal', () => {
    const calendarOf = () => stocksDaily.calendar;
    property(fc.oneof(...STEPS.map(spoilt)), (text) => {
      let step: unknown;
      try {
        step = JSON.parse(text);
      } catch {
        return;
      }
      if (!isStep(step)) return;
      const progress = emptyProgress();
      applyStep(progress, step, calendarOf);
      expectSound(progress);
    });
  });

  it('accepted.json', () => {
    property(spoilt(ACCEPTED), (text) => {
      for (const { day, reason, dataset } of refusing(() => parseAccepted(text), AcceptedFileError) ?? [])
        expect([isIsoDay(day), typeof reason, typeof dataset]).toEqual([true, 'string', 'string']);
    });
  });

  it('the trace of a run, a gaps document, profiles, lists: never an error', () => {
    property(spoilt(RUN), (text) => void parseRun(text));
    property(spoilt(GAPS), (text) => void readGapsDocument(text, datasets));
    property(fc.string({ unit: 'binary' }), (text) => void parseIni(`[massive]\n${text}`));
    property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseTickerList(text).filter((ticker) => /^\s*$|[\r\n]/.test(ticker))).toEqual([]);
    });
  });
});
