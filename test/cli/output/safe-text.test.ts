/**
 * Nothing from outside reaches the terminal raw: no control character, no escape, no mark that turns the
 * direction of text.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventLine } from '#cli/output/event-line.js';
import { type JsonDocument, renderJson } from '#cli/output/json-document.js';
import { newReporter } from '#cli/output/reporter.js';
import { safeText } from '#cli/output/safe-text.js';

/**
 * C0, DEL, C1, format marks (bidi, zero-width, BOM, tags), line and paragraph separators, halves of surrogate
 * pairs.
 */
const harmful =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0001}\u{e0020}-\u{e007f}]|\p{Cs}/u;

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\x1b',
      '\x9b',
      '\x07',
      '\n',
      '\r',
      '\u202e',
      '\u2066',
      '\u200f',
      '\u061c',
      '\ufeff',
      '\ud800',
      'A',
      '[2J',
      '\u{e0041}',
    ),
  }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

test('safe text holds no harmful character, says the rest as it was, and is safe already', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const safe = safeText(text);
      expect(safe).not.toMatch(harmful);
      expect(safeText(safe)).toBe(safe);
      if (!harmful.test(text) && !/\p{Cf}/u.test(text)) expect(safe).toBe(text);
    }),
    { numRuns: 2000 },
  );
  expect(safeText('A\x1b[2J\x9b1m\u202eB\n\ud800é日本😀')).toBe(
    'A\\x1b[2J\\x9b1m\\u{202e}B\\x0a\\u{d800}é日本😀',
  );
});

const day = '2024-11-12';
const events = nasty.chain((text) =>
  fc.constantFrom(
    { type: 'problem', day, state: 'failed', reason: text } as const,
    { type: 'retry', what: text, attempt: 1, waitMs: 1500, reason: text } as const,
    { type: 'note', level: 'warning', message: text } as const,
    { type: 'kept', ticker: text, rows: 1, first: day } as const,
    {
      type: 'replaced',
      day,
      added: 1,
      removed: 0,
      changed: 0,
      largest: { ticker: text, closeBefore: '1', closeAfter: '2' },
    } as const,
    {
      type: 'quality',
      day,
      bars: 1,
      notBars: { count: 1, first: [{ line: 2, ticker: text, reason: 'no ticker' }] },
      doubles: { count: 1, first: [text, text] },
      offDate: 0,
      leftOut: [],
      offDay: [text],
    } as const,
  ),
);

test('a line of the screen is one line without harmful characters, whatever the event carries', () => {
  fc.assert(
    fc.property(events, (event) => {
      expect(eventLine(event)).not.toMatch(harmful);
    }),
    { numRuns: 500 },
  );
});

test('JSON on a terminal is as harmless, and still means the same', () => {
  fc.assert(
    fc.property(events, nasty, (event, text) => {
      const written: string[] = [];
      const write = (line: string): number => written.push(line);
      const reporter = newReporter({ form: 'ndjson', live: false, write, columns: () => 80, clock: () => 0 });
      reporter.hear(event);
      reporter.say(text);
      const document: JsonDocument = {
        schema_version: 1,
        command: text,
        exit_code: 3,
        seconds: 1,
        error: { message: text },
        datasets: [],
      };
      const [heard = '', said = ''] = written;
      for (const line of [heard, said]) expect(line.slice(0, -1)).not.toMatch(harmful);
      expect(JSON.parse(heard)).toEqual(JSON.parse(JSON.stringify(event)));
      expect(JSON.parse(said)).toMatchObject({ message: text });
      const rendered = renderJson(document);
      expect(rendered.replaceAll('\n', '')).not.toMatch(harmful);
      expect(JSON.parse(rendered)).toEqual(document);
    }),
    { numRuns: 500 },
  );
});
