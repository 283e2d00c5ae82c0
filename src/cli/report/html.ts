/**
 * A page in one file: nothing is loaded from elsewhere, and its policy lets only the style and the script
 * that it brings itself run. Whatever is put into it is text. Pure.
 */
import { createHash } from 'node:crypto';

/** Text that is HTML already. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

/** Of what is put in, only Html stays as it is. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.reduce((all, text, i) => all + asHtml(parts[i - 1] as Part) + text));
}

function asHtml(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return (part as readonly Html[]).map(({ text }) => text).join('');
  return escaped(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
}

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** What the script draws. */
  readonly data: unknown;
}

/** What the build made of page/. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

export function htmlPage({ title, body, data }: Page, { script, style }: Assets): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body.text}
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Rows below a line of headings. `numbers`: which columns are numbers, counted from 0. */
export function htmlTable(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly Part[])[],
  numbers: readonly number[] = [],
): Html {
  const cell = (part: Part, i: number): Html =>
    numbers.includes(i) ? html`<td class="n">${part}</td>` : html`<td>${part}</td>`;
  return html`<div class="scroll"><table><caption>${caption}</caption><thead><tr>${headings.map((one, i) => (numbers.includes(i) ? html`<th scope="col" class="n">${one}</th>` : html`<th scope="col">${one}</th>`))}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table></div>`;
}
