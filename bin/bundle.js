// Puts the compiled program into few files, dist/bundle: all that an installed barloom runs. What it uses of the packages in devDependencies
// comes along, so that nothing has to be installed beside it; those in dependencies and optionalDependencies stay outside.
// Node loads one file in a quarter of a millisecond or more, and `add` needs sixty of them: what `add` imports becomes one file, everything
// else is loaded when it is run, as before.
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { writeLibraryTypes } from './library-types.js';
import { thirdPartyNotices } from './third-party-notices.js';

const root = path.dirname(import.meta.dirname);
const dist = path.join(root, 'dist');
const folder = path.join(dist, 'bundle');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const installed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));

/** `@scope/name/file.js` is of `@scope/name`. */
const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** The files of ours that a file imports statically, itself included. */
function closure(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const statics = /^(?:import|export) [^;]*?from '([.#][^']+)';$/gms;
  for (const [, target] of readFileSync(file, 'utf8').matchAll(statics))
    closure(
      target.startsWith('#') ? path.join(dist, target.slice(1)) : path.join(path.dirname(file), target),
      found,
    );
  return found;
}

/** Worker threads are entries of their own: package.json's "imports" says where each lies in the bundle, and is the only list of them. */
function workerEntries() {
  const entries = new Map(
    Object.entries(manifest.imports)
      .filter(([, to]) => to.default?.startsWith('./dist/bundle/'))
      .map(([name, to]) => [name, path.relative(folder, path.join(root, to.default))]),
  );
  for (const file of readdirSync(dist, { recursive: true })) {
    if (!file.endsWith('.js') || file.startsWith('bundle')) continue;
    for (const [, name] of readFileSync(path.join(dist, file), 'utf8').matchAll(
      /packageFile\('(#[^']+\.js)'\)/g,
    ))
      if (!name.startsWith('#package/') && !entries.has(name))
        throw new Error(
          `${file} starts ${name}: give it a line of its own in package.json's "imports", with a default in ./dist/bundle/`,
        );
  }
  return entries;
}

/** Parts of `pg` that nobody here uses: one connection is enough, through sockets of Node's. */
const UNUSED = new Set(['pg-pool', 'pg-native', 'pg-cloudflare']);

/** What each of our files hands on of the SDK, as it says itself. */
const sdkNames = (file) =>
  /export const \{([^}]*)\}/.exec(readFileSync(path.join(dist, 'platform', 's3', file), 'utf8'))[1];
const SDK_FILES = ['sdk.js', 'sdk-write.js'];

const ownFiles = {
  name: 'own-files',
  resolveId: (specifier) => {
    if (specifier === 'proxy-agent-negotiate') return `\0without:${specifier}`;
    return UNUSED.has(specifier) ? `\0unused:${specifier}` : null;
  },
  load(id) {
    if (id.startsWith('\0unused:')) return 'module.exports = class {};';
    // Signing on at a proxy with Kerberos would need a native module, and is nowhere asked for.
    if (id === '\0without:proxy-agent-negotiate') return 'export const createNegotiateAuth = undefined;';
    // Out of the SDK's ES modules comes what is used; all of it costs twice as much again at every start.
    const file = path.relative(path.join(dist, 'platform', 's3'), id);
    return SDK_FILES.includes(file) ? `export {${sdkNames(file)}} from '@aws-sdk/client-s3';` : null;
  },
  transform(code, id) {
    // A package that is loaded synchronously, when it is first needed, still is.
    return id.startsWith(dist)
      ? code.replaceAll(/createRequire\(import\.meta\.url\)\('(?!node:)/g, "require('")
      : null;
  },
};

/**
 * DuckDB's own JavaScript comes along where it is installed: sixty files are loaded in a third of the time as one. The engine stays where npm
 * put it, beside the package, and has to be of the same version.
 */
const engine = '@duckdb/node-api';
const engineVersion = existsSync(path.join(root, 'node_modules', engine))
  ? JSON.parse(readFileSync(path.join(root, 'node_modules', engine, 'package.json'), 'utf8')).version
  : undefined;
const besideEngine = {
  name: 'beside-engine',
  resolveId: (id) => (id === '@duckdb/node-bindings' ? '\0engine' : null),
  load: (id) =>
    id === '\0engine'
      ? `import { createRequire } from 'node:module';
const own = createRequire(import.meta.url);
const manifest = own.resolve('${engine}/package.json');
const { version } = own(manifest);
if (version !== '${engineVersion}') throw new Error(\`version \${version} stands there, and ${engineVersion} is needed\`);
export default createRequire(manifest)('@duckdb/node-bindings');`
      : null,
};
const isOutside = (id) =>
  isBuiltin(id) ||
  (installed.has(packageOf(id)) && !(packageOf(id) === engine && engineVersion !== undefined));

async function bundle(input, output) {
  const build = await rolldown({
    input,
    platform: 'node',
    plugins: [ownFiles, besideEngine],
    resolve: { conditionNames: ['node', 'import', 'module', 'default'], mainFields: ['module', 'main'] },
    external: isOutside,
  });
  const written = await build.write({
    dir: folder,
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    ...output,
  });
  await build.close();
  return written.output;
}

/** What runs in the pages of `report`, not in Node: one script without a module's edges, and its style. */
async function pageOfReport() {
  const from = path.join(root, 'src', 'cli', 'report', 'page');
  const build = await rolldown({ input: path.join(from, 'page.ts'), platform: 'browser', tsconfig: false });
  const { output } = await build.write({
    dir: folder,
    format: 'iife',
    entryFileNames: 'report-page.js',
    minify: true,
  });
  await build.close();
  copyFileSync(path.join(from, 'page.css'), path.join(folder, 'report-page.css'));
  return output;
}

const core = closure(path.join(dist, 'cli', 'commands', 'add-command.js'));
const program = await bundle(
  { main: path.join(dist, 'cli', 'main.js'), index: path.join(dist, 'index.js') },
  {
    codeSplitting: {
      groups: [
        { name: 'core', test: (id) => core.has(id) || /node_modules[\\/](?:p-limit|yocto-queue)/.test(id) },
      ],
    },
  },
);
const chunks = [...program];
// A thread starts quickest from a single file.
for (const [name, file] of workerEntries())
  chunks.push(
    ...(await bundle(
      { [file.replace(/\.js$/, '')]: path.join(dist, name.slice(1)) },
      { codeSplitting: false },
    )),
  );

const page = await pageOfReport();
const pageFiles = [...page.map(({ fileName }) => fileName), 'report-page.css'];

const beside = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
const current = new Set(chunks.map(({ fileName }) => fileName));
for (const name of pageFiles) current.add(name);
for (const name of beside)
  if (!current.has(name) && !isBuiltin(name) && !installed.has(packageOf(name)))
    throw new Error(`the bundle imports ${name}, which an installed barloom does not have`);
for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
  const file = path.join(entry.parentPath, entry.name);
  if (entry.isFile() && !current.has(path.relative(folder, file).replaceAll('\\', '/'))) rmSync(file);
}
writeLibraryTypes(dist);
writeFileSync(
  path.join(root, 'THIRD-PARTY-NOTICES'),
  thirdPartyNotices([...chunks, ...page], ['assemblyscript']),
);
