/**
 * The check in progress.json: a byte that was changed is noticed, and files from before there was one are
 * read.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { ProgressFileError, parseProgress, renderProgress } from '#store/ledger/file.js';
import { emptyProgress } from '#store/ledger/model.js';
import { applyStep, type Step } from '#store/ledger/steps.js';
import { knowledge, steps } from './arbitrary-steps.js';

function rendered(portion: readonly Step[]): string {
  const progress = emptyProgress();
  for (const step of portion) applyStep(progress, step, () => nyse);
  return renderProgress(progress);
}

test('any byte that is not what it was is noticed, and never taken for a newer barloom', () => {
  fc.assert(
    fc.property(steps, fc.nat(), fc.integer({ min: 1, max: 255 }), (portion, where, mask) => {
      const bytes = Buffer.from(rendered(portion));
      const at = where % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ mask;
      try {
        parseProgress(bytes.toString('utf8'));
        expect.unreachable(`byte ${at} ^ ${mask}`);
      } catch (error) {
        expect(error).toBeInstanceOf(ProgressFileError);
        expect(error).toMatchObject({ newer: false });
      }
    }),
    { numRuns: 1000 },
  );
});

test('a file without a check, as it was written before, says the same', () => {
  fc.assert(
    fc.property(steps, (portion) => {
      const text = rendered(portion);
      const unchecked = text.replace(/\n,"check":"[0-9a-f]{8}"\}\n$/, '}\n');
      expect(unchecked).not.toBe(text);
      expect(knowledge(parseProgress(unchecked))).toEqual(knowledge(parseProgress(text)));
    }),
    { numRuns: 100 },
  );
});

test('the last line is a SHA-256 of all before it, so that other programs can check it too', () => {
  expect(rendered([]).split('\n').at(-2)).toMatch(/^,"check":"[0-9a-f]{8}"\}$/);
  expect(JSON.parse(rendered([]))).toMatchObject({ schema_version: 1, datasets: {} });
});
