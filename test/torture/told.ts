/**
 * What a command told, judged: an exit code of the table, no bug of ours, nothing raw, a few lines at most,
 * and JSON where it was asked for.
 */
import { expect } from 'vitest';
import type { Ended } from '../support/workdir.js';

/** Usage, missing, keys, network, disk, damage, lock, or all well; never 1. */
const CODES: readonly (number | null)[] = [0, 2, 3, 4, 5, 6, 7, 11];
/** Controls but for line feed and tab, marks that turn or hide text, line and paragraph separators. */
const RAW = /[^\P{Cc}\n\t]|\p{Cf}|\p{Zl}|\p{Zp}/u;
const LONGEST_TALK = 4000;

export function expectWellTold(what: string, { code, signal, stdout, stderr }: Ended, json = false): void {
  const all = stdout + stderr;
  const wrong = [
    ...(signal === null ? [] : [`ended by ${signal}`]),
    ...(signal !== null || CODES.includes(code) ? [] : [`exit code ${code}`]),
    ...(/\n\s+at .*[:(]/.test(all) ? ['a stack trace'] : []),
    ...(all.includes('bug of barloom') ? ['called a bug'] : []),
    ...(RAW.test(all) ? [`raw ${JSON.stringify(RAW.exec(all)?.[0])}`] : []),
    ...(/\[object Object\]|\bundefined\b|Invalid Date/.test(all) ? ['words of the program’s inside'] : []),
    ...(stderr.length > LONGEST_TALK ? [`${stderr.length} characters on stderr`] : []),
    ...(json && !isJson(stdout) ? ['no JSON on stdout'] : []),
  ];
  expect(wrong, `${what}: exit ${code}, ${stderr.slice(0, 300)}`).toEqual([]);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** For a terminal: its title, its clipboard, colours, a line gone, text turned round, in one name. */
export const EVIL = '\u001b]52;c;eA==\u0007\u001b]8;;http://x\u001b\\\u009b31m\r\b\u202e\u2066X';
