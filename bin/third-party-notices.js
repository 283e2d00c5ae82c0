// THIRD-PARTY-NOTICES: whose code is in the bundle, and its licences.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Of rolldown's chunks: every package of which at least a line is in them, with version, licence and the licence's text, and of `others`, of
 * which something is in what the build makes besides (a compiler's run-time library). A text that several share stands there once.
 */
export function thirdPartyNotices(chunks, others) {
  const modules = path.join(path.dirname(import.meta.dirname), 'node_modules');
  const folders = new Set(others.map((name) => path.join(modules, name)));
  for (const { modules } of chunks)
    for (const [id, { renderedLength }] of Object.entries(modules)) {
      const found = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id);
      if (found !== null && renderedLength > 0) folders.add(found[0]);
    }
  const packages = [...folders].map(packageIn).sort((a, b) => (a.name < b.name ? -1 : 1));
  const titles = new Map();
  for (const one of packages) {
    const text = textOf(one, packages);
    titles.set(text, [...(titles.get(text) ?? []), `${one.name} ${one.version} (${one.license})`]);
  }
  const notices = [...titles].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return ['barloom contains code of these packages.\n', ...notices].join(`\n${'-'.repeat(80)}\n\n`);
}

function packageIn(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
  const texts = files.map((file) =>
    readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim(),
  );
  return {
    name,
    version,
    license,
    author: author?.name ?? author,
    text: texts.join('\n\n') || textInReadme(folder),
  };
}

/** The licence as the last section of the README, where it stands there in full; '' elsewhere. */
function textInReadme(folder) {
  const file = readdirSync(folder).find((name) => /^readme\b/i.test(name));
  const readme =
    file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  const text = readme
    .split(/^#+ *licen[cs]e *$/im)
    .at(-1)
    .trim();
  return /permission is hereby granted/i.test(text) && text !== readme.trim() ? text : '';
}

/** Some packages of a scope name their licence and leave out its text: it is that of the others. */
function textOf({ name, license, text, author }, packages) {
  if (text !== '') return text;
  const scope = name.split('/')[0];
  const other = packages.find(
    (one) => one.name.startsWith(`${scope}/`) && one.license === license && one.text !== '',
  );
  if (license === 'MIT' && other === undefined && author !== undefined) return mitOf(author);
  if (license === undefined || other === undefined)
    throw new Error(`${name} is bundled, and has no text of its licence`);
  return other.text;
}

/** Where a package says MIT and whose it is, and leaves the text out. */
function mitOf(author) {
  return `MIT License

Copyright (c) ${author}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
