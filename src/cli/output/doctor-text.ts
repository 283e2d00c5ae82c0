/**
 * What doctor found, for people: a line a check, what to do about it, the settings in effect, and the upshot.
 */

import type { Check } from '#tasks/doctor/check.js';
import { EXIT, STOP_SIGNALS } from '#tasks/exit-code.js';
import { counted } from './quantities.js';
import { safeText } from './safe-text.js';

export interface DoctorView {
  readonly checks: readonly Check[];
  readonly settings: readonly { readonly name: string; readonly shown: string; readonly origin: string }[];
  readonly exitCode: number;
  /** Of the lines, in columns. */
  readonly width: number;
}

/** Narrower than this there would be a word a line. */
const LEAST_WIDTH = 40;
const STATES: Readonly<Record<Check['state'], string>> = {
  ok: 'ok',
  warning: 'warning',
  failure: 'FAILED',
  skipped: '-',
};
const STATE_WIDTH = 9;
const NAME_WIDTH = 10;

export function doctorText({ checks, settings, exitCode, ...view }: DoctorView): string {
  const width = Math.max(LEAST_WIDTH, view.width);
  const lines = [
    ...checks.flatMap((check) => checkLines(check, width)),
    '',
    ...settingLines(settings, width),
    ...wrapped('', upshot(checks, exitCode), width),
  ];
  return `${lines.join('\n')}\n`;
}

function checkLines({ name, state, message, advice }: Check, width: number): readonly string[] {
  const head = STATES[state].padEnd(STATE_WIDTH) + name.padEnd(NAME_WIDTH);
  const indent = ' '.repeat(STATE_WIDTH + NAME_WIDTH);
  return [
    ...wrapped(head, message, width),
    ...(advice === undefined ? [] : wrapped(`${indent}→ `, advice, width)),
  ];
}

function settingLines(settings: DoctorView['settings'], width: number): readonly string[] {
  if (settings.length === 0) return [];
  const widest = Math.max(...settings.map(({ name }) => name.length)) + 2;
  return [
    'Settings in effect, and where each comes from:',
    ...settings.flatMap(({ name, shown, origin }) =>
      wrapped(`  ${name.padEnd(widest)}`, `${shown} (${origin})`, width),
    ),
    '',
  ];
}

function upshot(checks: readonly Check[], exitCode: number): string {
  const named = (state: Check['state']): readonly string[] => [
    ...new Set(checks.filter((check) => check.state === state).map(({ name }) => name)),
  ];
  const [failed, warned] = [named('failure'), named('warning')];
  if (STOP_SIGNALS.some((name) => exitCode === EXIT[name])) return 'Stopped before all was looked at.';
  if (failed.length > 0)
    return `It will not work yet: ${failed.join(', ')}. Fix that, then run barloom doctor again.`;
  if (warned.length > 0)
    return `It will work, with ${counted(warned.length, 'warning')}: ${warned.join(', ')}.`;
  return 'It will work.';
}

/** `text` behind `head`, broken at words; further lines begin where the text does. */
function wrapped(head: string, text: string, width: number): readonly string[] {
  const lines: string[] = [];
  const indent = ' '.repeat(head.length);
  let line = '';
  for (const word of safeText(text).split(' ')) {
    if (line !== '' && head.length + line.length + 1 + word.length > width) {
      lines.push((lines.length === 0 ? head : indent) + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push((lines.length === 0 ? head : indent) + line);
  return lines;
}
