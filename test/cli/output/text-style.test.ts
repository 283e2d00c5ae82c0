import { describe, expect, it } from 'vitest';
import { textStyle } from '#cli/output/text-style.js';

describe('box characters, and colour', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, true, true],
    [{ LC_CTYPE: 'de_DE.utf8' }, true, true],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false, true],
    [{ LC_ALL: '', LC_CTYPE: 'C', LANG: 'en_US.UTF-8' }, false, true],
    [{}, false, true],
    [{ OS: 'Windows_NT' }, true, true],
    [{ LANG: 'C.UTF-8', TERM: 'dumb' }, false, false],
    [{ LANG: 'C.UTF-8', NO_COLOR: '1' }, true, false],
    [{ LANG: 'C.UTF-8', NO_COLOR: '' }, true, true],
  ])('%j', (env: Readonly<Record<string, string>>, unicode, colour) => {
    const environment = { env, stdoutTerminal: true, stdoutColumns: () => 72 };
    expect(textStyle(environment)).toEqual({ columns: 72, unicode, colour });
    expect(textStyle({ ...environment, stdoutTerminal: false })).toEqual({
      columns: 72,
      unicode,
      colour: false,
    });
  });
});
