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
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
  const texts = files.map((file) =>
    readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim(),
  );
  return { name, version, license, text: texts.join('\n\n') || textInReadme(folder) };
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
function textOf({ name, license, text }, packages) {
  if (text !== '') return text;
  const scope = name.split('/')[0];
  const other = packages.find(
    (one) => one.name.startsWith(`${scope}/`) && one.license === license && one.text !== '',
  );
  if (license === undefined || other === undefined)
    throw new Error(`${name} is bundled, and has no text of its licence`);
  return other.text;
}
