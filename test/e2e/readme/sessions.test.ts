/**
 * The sessions of README and docs/ are what the commands really print: run one after the other, in a folder
 * of their own, as they stand there.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const NOW = '2026-11-20T17:00:00Z';
/** Where the sessions were held. */
const HOME = '/home/me';

interface Step {
  readonly command: string;
  readonly printed: string;
}

/** The README, then the pages in the order of their table of contents. */
const contents = readFileSync(path.join(ROOT, 'docs', 'README.md'), 'utf8');
const pages = [...contents.matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)].map(([, name]) => `docs/${name}`);
const steps = ['README.md', ...pages].flatMap((page) =>
  sessionsOf(readFileSync(path.join(ROOT, page), 'utf8')),
);
let home = '';

beforeAll(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'barloom-readme-'));
  mkdirSync(path.join(home, 'bin'));
  const program = `#!/bin/sh\nexec "${process.execPath}" "${path.join(ROOT, 'bin', 'barloom.js')}" "$@"\n`;
  writeFileSync(path.join(home, 'bin', 'barloom'), program, { mode: 0o755 });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('README and docs/', () => {
  it('has sessions of the three stories', () => {
    const commands = steps.map(({ command }) => command);
    for (const verb of ['populate', 'add', 'status', 'show', 'nightly', 'gaps'])
      expect(commands.some((command) => command.startsWith(`barloom ${verb} `))).toBe(true);
  });

  it.each(steps)('$command', ({ command, printed }) => {
    const { stdout, error } = spawnSync('sh', ['-c', `${command} 2>&1`], {
      cwd: home,
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        PATH: `${home}/bin:${process.env.PATH}`,
        HOME: home,
        BARLOOM_NOW: NOW,
        TZ: 'UTC',
        LANG: 'C.UTF-8',
      },
    });
    expect(error).toBeUndefined();
    const actual = comparable(stdout.replaceAll(home, HOME));
    const expected = comparable(printed);
    if (!expected.split('\n').includes('…')) expect(actual).toBe(expected);
    else expect(actual).toMatch(patternOf(expected));
  });
});

/** Every command behind `$ ` in a fenced block, with what is printed below it. */
function sessionsOf(page: string): readonly Step[] {
  const blocks = [...page.matchAll(/^```[a-z]*\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
  return blocks
    .filter((block) => block.startsWith('$ '))
    .flatMap((block) => block.split(/^\$ /m).slice(1))
    .map((text) => {
      const [command = '', ...lines] = text.trimEnd().split('\n');
      return { command, printed: lines.join('\n').trim() };
    });
}

/**
 * What differs from run to run and from machine to machine: times, the order in which days are done, rates,
 * the disk.
 */
function comparable(text: string): string {
  return text
    .replace(/\b\d+(?:\.\d+)? ?(s|ms)\b/g, '# $1')
    .replace(/^\[ *\d+\/(\d+)\] \d{4}-\d\d-\d\d/gm, '[#/$1] DAY')
    .replace(/ +$/gm, '')
    .trim();
}

/** A line `…` stands for any lines. */
function patternOf(expected: string): RegExp {
  const parts = expected.split(/^…$/m).map((part) => part.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('\\n[\\s\\S]*\\n?')}$`);
}
