/**
 * The last step of text on its way to stdout and stderr: ASCII where the locale has nothing else, and
 * problems wrapped at words where a terminal would break them anywhere. Pure.
 */
import { paragraph } from './paragraph.js';

/** Characters of our own texts, and what stands for them in ASCII. */
const ASCII: Readonly<Record<string, string>> = {
  '…': '...',
  '→': '->',
  '×': 'x',
  '·': '.',
  '•': '*',
  '–': '-',
  '“': "'",
  '”': "'",
};
const OURS = new RegExp(`[${Object.keys(ASCII).join('')}]`, 'gu');

/** JSON documents and lines are for programs and stay as they are. */
export function asciiText(text: string): string {
  if (text.startsWith('{')) return text;
  return text.replace(OURS, (character) => ASCII[character] ?? character);
}

const PREFIX = 'barloom: ';
/** Below it wrapping at words helps nobody. */
const NARROWEST = 20;

/** The lines that begin with the program's name, which are its problems, broken at words; others as they are. */
export function wrapProblems(text: string, columns: number): string {
  const width = Math.max(NARROWEST, columns);
  if (!text.includes(PREFIX)) return text;
  return text
    .split('\n')
    .flatMap((line) =>
      line.startsWith(PREFIX) && line.length >= width ? paragraph(line, '', width - 1) : [line],
    )
    .join('\n');
}
