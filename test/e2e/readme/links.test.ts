/** What the documents point to is there, and is in the package that a reader may have them from. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PAGES = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).map((name) => `docs/${name}`)];
const { files } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
/** npm packs these whatever "files" says. */
const SHIPPED = [...files, 'README.md', 'LICENSE', 'package.json'];

const linksIn = (page: string): readonly string[] =>
  [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to]) =>
    path.posix.join(path.posix.dirname(page), to as string),
  );

it.each(PAGES)('%s links to files that are there and are shipped', (page) => {
  for (const target of linksIn(page)) {
    expect(existsSync(path.join(ROOT, target)), target).toBe(true);
    expect(
      SHIPPED.some((shipped) => target === shipped || target.startsWith(`${shipped}/`)),
      `${target} is shipped`,
    ).toBe(true);
  }
});

it('every page is in the table of contents', () => {
  const listed = linksIn('docs/README.md');
  for (const page of PAGES.filter((name) => name !== 'docs/README.md')) expect(listed).toContain(page);
});
