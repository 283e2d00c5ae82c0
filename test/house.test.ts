/**
 * The plan of the house: which wing may import which, and no circle of files. Whoever breaks it is shown the
 * file, the import and the rule.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const SRC = path.join(import.meta.dirname, '..', 'src');

/** A wing may import itself and the wings that are named for it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ['tasks', 'ingest', 'store', 'vendors', 'market', 'platform', 'sandbox'],
  tasks: ['ingest', 'store', 'vendors', 'market', 'platform'],
  ingest: ['store', 'vendors', 'market', 'platform'],
  store: ['market', 'platform'],
  vendors: ['market', 'platform'],
  sandbox: ['market', 'platform'],
  market: ['platform'],
  platform: [],
};

interface Import {
  readonly file: string;
  /** As it is written. */
  readonly specifier: string;
  /** Below src/, as is `file`. */
  readonly target: string;
}

const wingOf = (file: string): string => file.split('/')[0] as string;

/** Static, dynamic and re-exporting imports of our own files. */
function importsIn(file: string, text: string): readonly Import[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([.#][^']+)'/g)]
    .map(([, specifier]) => specifier as string)
    .filter((specifier) => !specifier.startsWith('#package/'))
    .map((specifier) => ({
      file,
      specifier,
      target: (specifier.startsWith('#')
        ? specifier.slice(1)
        : path.posix.join(path.posix.dirname(file), specifier)
      ).replace(/\.js$/, '.ts'),
    }));
}

function brokenRules(imports: readonly Import[]): readonly string[] {
  return imports.flatMap(({ file, specifier, target }) => {
    const [from, to] = [wingOf(file), wingOf(target)];
    const allowed = MAY_IMPORT[from];
    if (from === to || file === 'index.ts') return [];
    if (allowed?.includes(to) === true) return [];
    const rule =
      allowed === undefined
        ? `src/ has eight wings, and ${from} is none of them`
        : `${from}/ may import ${allowed.length === 0 ? 'no other wing' : allowed.map((wing) => `${wing}/`).join(', ')}`;
    return [`src/${file} imports ${specifier}: ${rule}`];
  });
}

function byFile(imports: readonly Import[]): ReadonlyMap<string, readonly Import[]> {
  const groups = new Map<string, Import[]>();
  for (const one of imports) groups.set(one.file, [...(groups.get(one.file) ?? []), one]);
  return groups;
}

/**
 * Circles of files, each as the way round it. Imports of types count: what is thought of together belongs
 * together.
 */
function circles(imports: readonly Import[]): readonly string[] {
  const next = byFile(imports);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const seen = way.indexOf(file);
    if (seen >= 0) found.push([...way.slice(seen), file].join(' > '));
    if (seen >= 0 || done.has(file)) return;
    for (const { target } of next.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts') && !file.startsWith('platform/wasm/assembly/'));
const all = files.flatMap((file) => importsIn(file, readFileSync(path.join(SRC, file), 'utf8')));

it('every import goes down, from wing to wing', () => {
  expect(all.length).toBeGreaterThan(1000);
  expect(brokenRules(all)).toEqual([]);
});

it('every import is of a file that is there, and none leads round in a circle', () => {
  const there = new Set(files);
  expect(all.filter(({ target }) => !there.has(target))).toEqual([]);
  expect(circles(all)).toEqual([]);
});

it('src/ holds the eight wings and index.ts', () => {
  expect(readdirSync(SRC).sort()).toEqual([...Object.keys(MAY_IMPORT), 'index.ts'].sort());
});

it('an import that is not allowed is named with its file and the rule', () => {
  const up = importsIn('store/archive/toc.ts', "import type { A } from '#tasks/outcome.js';\n");
  const across = importsIn(
    'vendors/flatfiles/folder.ts',
    "const { a } = await import('#store/archive/toc.js');\n",
  );
  const unnamed = importsIn('market/bars/bar.ts', "import '../../utils/all.js';\n");
  expect(brokenRules([...up, ...across, ...unnamed])).toEqual([
    'src/store/archive/toc.ts imports #tasks/outcome.js: store/ may import market/, platform/',
    'src/vendors/flatfiles/folder.ts imports #store/archive/toc.js: vendors/ may import market/, platform/',
    'src/market/bars/bar.ts imports ../../utils/all.js: market/ may import platform/',
  ]);
  const round = [
    ...importsIn('market/a.ts', "export { b } from './b.js';\n"),
    ...importsIn('market/b.ts', "import { a } from './a.js';\n"),
  ];
  expect(circles(round)).toEqual(['market/a.ts > market/b.ts > market/a.ts']);
});
