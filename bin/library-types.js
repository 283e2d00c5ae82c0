// dist/types: the declarations that `import 'barloom'` needs, and no others.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Copies index.d.ts and what it imports, with paths instead of package.json's "imports". */
export function writeLibraryTypes(dist) {
  const types = path.join(dist, 'types');
  rmSync(types, { recursive: true, force: true });
  const done = new Set();
  const copy = (name) => {
    if (done.has(name)) return;
    done.add(name);
    const folder = path.posix.dirname(name);
    const text = readFileSync(path.join(dist, `${name}.d.ts`), 'utf8').replaceAll(
      /(\bfrom |\bimport\()'([.#][^']+)\.js'/g,
      (_, before, specifier) => {
        const target = specifier.startsWith('#') ? specifier.slice(1) : path.posix.join(folder, specifier);
        copy(target);
        const relative = path.posix.relative(folder, target);
        return `${before}'${relative.startsWith('.') ? relative : `./${relative}`}.js'`;
      },
    );
    mkdirSync(path.join(types, folder), { recursive: true });
    writeFileSync(path.join(types, `${name}.d.ts`), text);
  };
  copy('index');
}
