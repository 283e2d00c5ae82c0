/** How text for people is drawn on stdout: its width, box characters or ASCII, colour or none. */
import type { Environment } from '#cli/environment.js';

export interface TextStyle {
  readonly columns: number;
  readonly unicode: boolean;
  readonly colour: boolean;
}

/** Colour only on a terminal that can show it, and without NO_COLOR (https://no-color.org: set and not empty). */
export function textStyle({
  env,
  stdoutTerminal,
  stdoutColumns,
}: Pick<Environment, 'env' | 'stdoutTerminal' | 'stdoutColumns'>): TextStyle {
  return {
    columns: stdoutColumns(),
    unicode: drawsUnicode(env),
    colour: stdoutTerminal && env['TERM'] !== 'dumb' && !env['NO_COLOR'],
  };
}

/**
 * More than ASCII only in a locale of UTF-8, as the first of LC_ALL, LC_CTYPE and LANG that is set says; on
 * Windows, where none is, always.
 */
export function drawsUnicode(env: Environment['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  const utf8 = locale === undefined ? env['OS'] === 'Windows_NT' : /utf-?8/i.test(locale);
  return utf8 && env['TERM'] !== 'dumb';
}
