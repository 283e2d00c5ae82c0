/**
 * Text for people, broken at words so that no line is wider than the terminal: 79 columns through a pipe. The
 * one mechanism for it; what draws (candles, the heat map) has its own.
 */

const PIPED = 79;
const NARROWEST = 30;
/** Wider prose is hard to read. */
const WIDEST = 119;
/** Below it, rows are not broken at their commas alone. */
const ROOMY = 65;
/** Where the texts of rows begin. */
const NAME_WIDTH = 13;

let pageWidth = PIPED;

/** Once, at the start: how many columns there are. */
export function setPageWidth(columns: number): void {
  pageWidth = Math.max(NARROWEST, Math.min(WIDEST, columns - 1));
}

/** What a line may hold, in columns. */
export function textWidth(): number {
  return pageWidth;
}

/** `  name         text`; further lines begin where the text does. */
export function row(name: string, text: string): string {
  return rowLines(name, words(text, pageWidth - NAME_WIDTH - 2)).join('\n');
}

/** The parts with commas between, as a row that goes on over as many lines as they need. */
export function wrapped(name: string, parts: readonly string[]): string[] {
  const room = pageWidth - NAME_WIDTH - 2;
  if (pageWidth < ROOMY) return parts.length === 0 ? [] : rowLines(name, words(parts.join(', '), room));
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line}, ${part}`;
    if (line !== '' && longer.length > room) {
      lines.push(...words(`${line},`, room));
      line = part;
    } else line = longer;
  }
  if (line !== '') lines.push(...words(line, room));
  return lines.length === 0 ? [] : rowLines(name, lines);
}

/** Lines after the first are indented further, unless there is no indentation at all. */
export function paragraph(text: string, indent = '  ', width = pageWidth): string[] {
  const [first, ...others] = words(text, width - indent.length);
  const further = indent === '' ? '' : `${indent}  `;
  const rest = words(others.join(' '), width - further.length);
  return first === undefined ? [] : [`${indent}${first}`, ...rest.map((line) => `${further}${line}`)];
}

function rowLines(name: string, lines: readonly string[]): string[] {
  const [first = '', ...others] = lines;
  return [
    `  ${name.padEnd(NAME_WIDTH)}${first}`,
    ...others.map((line) => `${' '.repeat(NAME_WIDTH + 2)}${line}`),
  ];
}

/** A word that is wider than the room stands alone; blanks inside a line stay as they are. */
function words(text: string, room: number): string[] {
  if (text === '') return [];
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    if (line === undefined) line = word;
    else if (line.trim() !== '' && line.length + word.length + 1 > room) {
      lines.push(line.trimEnd());
      line = word;
    } else line = `${line} ${word}`;
  }
  return [...lines, line ?? ''];
}
