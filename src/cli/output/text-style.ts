/** How text for people is drawn on stdout: its width, box characters or ASCII, colour or none. */
import type { Environment } from '#cli/environment.js';

export interface TextStyle {
  readonly columns: number;
  readonly unicode: boolean;
  readonly colour: boolean;
}

/**
 * Colour only on a terminal that can show it, and without NO_COLOR (https://no-color.org: set and not empty).
 * Box characters only in a locale of UTF-8, as the first of LC_ALL, LC_CTYPE and LANG that is set says; on
 * Windows, where none is, always.
 */
export function textStyle({
  env,
  stdoutTerminal,
  stdoutColumns,
}: Pick<Environment, 'env' | 'stdoutTerminal' | 'stdoutColumns'>): TextStyle {
  const dumb = env['TERM'] === 'dumb';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  const utf8 = locale === undefined ? env['OS'] === 'Windows_NT' : /utf-?8/i.test(locale);
  return {
    columns: stdoutColumns(),
    unicode: utf8 && !dumb,
    colour: stdoutTerminal && !dumb && !env['NO_COLOR'],
  };
}
