/** What stands on a terminal is broken at words, and is ASCII where the locale is. */
import { expect, it } from 'vitest';
import { asciiText, wrapProblems } from '#cli/output/terminal-text.js';

it('a problem is broken at words, and nothing else is', () => {
  const text =
    'barloom: the folder cannot be read, nor can the other one\n2026-11-30  s3  a line that is as wide as it is\n';
  expect(wrapProblems(text, 30)).toBe(
    'barloom: the folder cannot be\nread, nor can the other one\n2026-11-30  s3  a line that is as wide as it is\n',
  );
});

it('our own characters have twins in ASCII; documents for programs, and names, stay as they are', () => {
  expect(asciiText('é: 1 × 2 … → “x”')).toBe("é: 1 x 2 ... -> 'x'");
  expect(asciiText('{"name":"A … B"}')).toBe('{"name":"A … B"}');
});
