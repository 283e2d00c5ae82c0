/** What a thread throws arrives as it was thrown: decisions are made by its class, its code and its kind. */
import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SourceError } from '#platform/http/source-error.js';
import { describeError, reviveError } from '#platform/threads/thread-error.js';

function afterCrossing(thrown: unknown): Error {
  return reviveError(structuredClone(describeError(thrown)), { SourceError });
}

it("one of our errors keeps its class and its fields, and the system's its code, call and path", () => {
  const ours = afterCrossing(new SourceError('throttled', 'slower, please', { status: 503 }));
  expect(ours).toBeInstanceOf(SourceError);
  expect(ours).toMatchObject({ name: 'SourceError', kind: 'throttled', status: 503, final: false });
  let thrown: unknown;
  try {
    statSync('/not/there');
  } catch (error) {
    thrown = error;
  }
  const { code, syscall, path, message, stack } = thrown as NodeJS.ErrnoException;
  expect(afterCrossing(thrown)).toMatchObject({ code, syscall, path, message, stack });
});

it('what is no error, or of a class that nobody named, arrives as an error that says the same', () => {
  expect(afterCrossing('a text').message).toBe('a text');
  const bug = new RangeError('no dataset');
  expect(afterCrossing(bug)).toMatchObject({ message: 'no dataset', stack: bug.stack });
  expect(afterCrossing(Object.assign(new Error('odd'), { name: '__proto__' })).message).toBe('odd');
});
