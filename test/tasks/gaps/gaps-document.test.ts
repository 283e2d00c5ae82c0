/**
 * What `gaps --json` wrote is read back as it was; what was spoilt by hand is refused in a sentence that says
 * where.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { datasets } from '#market/datasets/all.js';
import { type GapRange, HOLE_STATES } from '#tasks/gaps/gap-ranges.js';
import { readGapsDocument } from '#tasks/gaps/gaps-document.js';

const GAP = { start: '2024-05-20', end: '2024-05-21', sessions: 2, state: 'missing', reason: 'r' } as const;

function document(gaps: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    schema_version: 1,
    command: 'gaps',
    datasets: [{ dataset: 'stocks_daily', gaps }],
    ...more,
  });
}

it('a gaps document is read as it was written', () => {
  const sessions = nyse.sessions('2024-01-02', '2024-06-13');
  const gap = fc
    .tuple(fc.constantFrom(...sessions), fc.constantFrom(...sessions), fc.constantFrom(...HOLE_STATES))
    .chain(([a, b, state]) =>
      fc.record(
        {
          start: fc.constant(a < b ? a : b),
          end: fc.constant(a < b ? b : a),
          sessions: fc.constant(nyse.sessions(a < b ? a : b, a < b ? b : a).length),
          state: fc.constant(state),
          reason: fc.string({ unit: 'grapheme' }),
          accepted: fc.string({ unit: 'grapheme' }),
        },
        { requiredKeys: ['start', 'end', 'sessions', 'state', 'reason'] },
      ),
    );
  fc.assert(
    fc.property(fc.array(gap), (gaps) => {
      const read = readGapsDocument(document(gaps), datasets);
      expect(read.ok ? [...read.gaps] : read.reason).toEqual([
        ['stocks_daily', gaps.map((some): GapRange => ({ ...some }))],
      ]);
    }),
  );
});

it('start, end and state are enough', () => {
  const { start, end, state } = GAP;
  const read = readGapsDocument(
    `\uFEFF${document([{ start, end, state }], { command: undefined })}`,
    datasets,
  );
  expect(read).toEqual({ ok: true, gaps: new Map([['stocks_daily', [{ ...GAP, reason: '' }]]]) });
});

it.each<[string, RegExp]>([
  ['', /is not JSON/],
  ['null', /is not what gaps --json wrote/],
  ['[]', /is not what gaps --json wrote/],
  ['{}', /schema_version undefined, and this barloom knows 1/],
  [document([], { schema_version: 2 }), /schema_version 2/],
  [document([], { command: 'populate' }), /the document of "populate", and not of gaps/],
  [document([], { error: { message: 'x' } }), /a gaps run that failed/],
  [document([], { datasets: {} }), /no list "datasets"/],
  [document([], { datasets: [1] }), /a dataset that is no object/],
  [document([], { datasets: [{ dataset: 'tulips', gaps: [] }] }), /"tulips"; known are stocks_daily/],
  [document([], { datasets: [{ dataset: 'stocks_daily' }] }), /no list "gaps" for stocks_daily/],
  [document(['2024-05-20']), /"2024-05-20", which is no object/],
  [document([{ ...GAP, start: '2024-5-20' }]), /whose start and end are not both days/],
  [document([{ ...GAP, end: undefined }]), /whose start and end are not both days/],
  [document([{ ...GAP, start: '2024-05-18' }]), /2024-05-18, which is no session/],
  [document([{ ...GAP, end: '2024-05-27' }]), /2024-05-27, which is no session/],
  [document([{ ...GAP, start: '2024-05-22' }]), /ends before it starts/],
  [document([{ ...GAP, state: 'done' }]), /whose state is none of missing, denied, failed/],
  [document([{ ...GAP, sessions: 3 }]), /from 2024-05-20 to 2024-05-21 there are 2 sessions/],
  [document([{ ...GAP, accepted: true }]), /whose reason is no text/],
])('%s', (text, reason) => {
  const read = readGapsDocument(text, datasets);
  expect(read.ok ? '' : read.reason).toMatch(reason);
});

it('never throws, whatever comes', () => {
  const value = fc.letrec((tie) => ({
    gap: fc.record({ start: fc.anything(), end: fc.anything(), state: fc.anything() }),
    any: fc.oneof(fc.anything(), tie('gap')),
  })).any;
  fc.assert(
    fc.property(fc.array(value), (gaps) => {
      let text: string | undefined;
      try {
        text = document(gaps);
      } catch {
        return;
      }
      readGapsDocument(text, datasets);
    }),
  );
});
