/** Text for people, broken at words so that no line is wider than 79 columns. */

const WIDTH = 79;
/** Where the texts of rows begin. */
const NAME_WIDTH = 13;

/** `  name         text` */
export function row(name: string, text: string): string {
  return `  ${name.padEnd(NAME_WIDTH)}${text}`;
}

/** The parts with commas between, as a row that goes on over as many lines as they need. */
export function wrapped(name: string, parts: readonly string[]): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line}, ${part}`;
    if (line !== '' && longer.length + NAME_WIDTH + 2 > WIDTH) {
      lines.push(row(lines.length === 0 ? name : '', `${line},`));
      line = part;
    } else line = longer;
  }
  if (line !== '') lines.push(row(lines.length === 0 ? name : '', line));
  return lines;
}

/** Lines after the first are indented further, unless there is no indentation at all. */
export function paragraph(text: string, indent = '  '): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = `${indent}${indent === '' ? '' : '  '}${word}`;
    } else line = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
  }
  if (line.trim() !== '') lines.push(line);
  return lines;
}
