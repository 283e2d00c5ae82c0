/**
 * `npm run test:torture [-- NAME ...]`: the long form of every technique (or of the test files whose path holds NAME), one after another,
 * and a line for each: what was tried, what was done to the program, what was lost. Ends with 1 where a test failed or something was lost.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const asked = process.argv.slice(2);
const files = readdirSync(path.join(root, 'test/torture'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => asked.length === 0 || asked.some((part) => name.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no technique of test/torture has ${asked.join(' or ')} in its name`);
  process.exit(2);
}
const scratch = mkdtempSync(path.join(tmpdir(), 'barloom-torture-'));
const number = new Intl.NumberFormat('en-US');
let failed = false;

function run(file, log) {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        `test/torture/${file}`,
        '--testTimeout=7200000',
      ],
      {
        cwd: root,
        env: { ...process.env, BARLOOM_TORTURE: 'long', BARLOOM_TORTURE_LOG: log },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
    child.on('exit', (code) => resolve({ code, output }));
  });
}

try {
  for (const file of files) {
    const log = path.join(scratch, `${path.basename(file)}.ndjson`);
    const begun = performance.now();
    const { code, output } = await run(file, log);
    const seconds = Math.round((performance.now() - begun) / 1000);
    let lines = [];
    try {
      lines = readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    } catch {
      // A file that broke down before its end, or all of whose tests were skipped, has told nothing.
    }
    for (const { name, cases, faults, losses, seed } of lines)
      console.log(
        `${name.padEnd(34)} ${number.format(cases).padStart(8)} cases ${number.format(faults).padStart(8)} faults ${String(losses).padStart(3)} losses ${String(seconds).padStart(5)} s  seed ${seed}`,
      );
    if (lines.length === 0) console.log(`${file}: told nothing`);
    if (code !== 0 || lines.some(({ losses }) => losses > 0)) {
      failed = true;
      console.log(output);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
