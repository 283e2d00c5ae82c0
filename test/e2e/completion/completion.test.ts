/**
 * The scripts do in real shells what their users press Tab for; a shell that is not here is skipped, and said
 * so.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '#cli/command-table.js';
import { CHOICES } from '#cli/commands/completion-command.js';
import { commandSpecs, SHELLS } from '#cli/completion/spec.js';
import { datasets } from '#market/datasets/all.js';
import { barLine, dayObjects, HEADER, market, Workdir } from '../../support/workdir.js';

const BIN = path.resolve('bin/barloom.js');

/** Runs a script in one of the shells; undefined where there is no such shell. */
type Shell = (script: string, env: Readonly<Record<string, string>>) => string | undefined;

function shell(program: string, args: readonly string[]): Shell {
  return (script, env) => {
    const { error, stdout, stderr } = spawnSync(program, [...args, script], {
      encoding: 'utf8',
      env,
      timeout: 60_000,
    });
    if (error !== undefined) return undefined;
    return stdout + stderr;
  };
}

const run = {
  bash: shell('bash', ['--norc', '--noprofile', '-u', '-c']),
  zsh: shell('zsh', ['-f', '-c']),
  fish: shell('fish', ['--no-config', '-c']),
};

interface Place {
  readonly work: Workdir;
  readonly env: Readonly<Record<string, string>>;
  readonly script: string;
}

/**
 * A data folder `d` with a market of four tickers, one of them of a name that a shell must never see;
 * `barloom` on the PATH.
 */
async function place(name: keyof typeof run): Promise<Place> {
  const text = HEADER + ['$(x)', 'AAPL', 'NVDA', 'NVDE'].map((ticker) => barLine(ticker)).join('');
  const work = await Workdir.make(await market({ objects: dayObjects({ '2024-05-01': text }) }));
  const dataDir = path.join(work.root, 'd');
  const range = '--start 2024-05-01 --end 2024-05-01';
  const { code, stderr } = await work.populate(`${range} --tickers NVDA`, { dataDir });
  expect(code, stderr).toBe(0);
  mkdirSync(path.join(work.root, 'a folder'));
  writeFileSync(path.join(work.root, 'a file'), '');
  const bin = path.join(work.root, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'barloom'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(path.join(bin, 'barloom'), 0o755);
  const script = path.join(work.root, 'completion');
  writeFileSync(script, (await work.run(['completion', name])).stdout);
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: path.join(work.root, 'home'),
    BARLOOM_NOW: work.now,
    TERM: 'dumb',
    LANG: 'C.UTF-8',
  };
  return { work, env, script };
}

/** What is typed before Tab, and what is offered, sorted. */
const ASKED: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ['barloom mo', ['move-archive']],
  ['barloom completion ', ['bash', 'fish', 'powershell', 'zsh']],
  ['barloom export --format ', ['csv', 'json', 'ndjson']],
  ['barloom export --format n', ['ndjson']],
  ['barloom populate --log-level s', ['silent']],
  ['barloom populate -t ', [...datasets.keys()].sort()],
  ['barloom prune --ke', ['--keep-days']],
  ['barloom prune --keep-days ', []],
  ['barloom backfill --only missing,p', ['missing,pruned']],
  ['barloom add --data-dir d NV', ['NVDA', 'NVDE']],
  ['barloom show --data-dir=d A', ['AAPL']],
  ['barloom populate --data-dir d --tickers AAPL,NV', ['AAPL,NVDA', 'AAPL,NVDE']],
  ['barloom remove --data-dir d ', ['NVDA']],
  ['barloom add --data-dir d ', ['AAPL', 'NVDA', 'NVDE']],
  ['barloom show --data-dir nowhere ', []],
  ['barloom backup a', ['a file', 'a folder']],
  ['barloom move-archive a', ['a folder']],
  ['barloom populate --ticker-files x.txt a', ['a file', 'a folder']],
];

describe('bash', () => {
  it('offers what fits', async ({ skip }) => {
    const { work, env, script } = await place('bash');
    const ask = ASKED.map(([typed]) => {
      // As readline splits: at blanks, and an = is a word of its own.
      const words = typed.split(' ').flatMap((word) => word.split(/(=)/).filter((part) => part !== ''));
      const all = typed.endsWith(' ') ? [...words, ''] : words;
      return `COMP_WORDS=(${all.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _barloom; say`;
    });
    const output = run.bash(
      `cd '${work.root}'; source '${script}'; say() { printf '%s\\n' \${COMPREPLY[@]+"\${COMPREPLY[@]}"} ---; }\n${ask.join('\n')}`,
      env,
    );
    if (output === undefined) return skip('there is no bash here');
    expectOffers(output, (text) => text);
  });
});

describe('fish', () => {
  it('offers what fits', async ({ skip }) => {
    const { work, env, script } = await place('fish');
    const ask = ASKED.map(([typed]) => `complete -C '${typed}'; echo ---`);
    const output = run.fish(`cd '${work.root}'; source '${script}'\n${ask.join('\n')}`, env);
    if (output === undefined) return skip('there is no fish here');
    // Descriptions follow a tab; a folder ends in a slash.
    expectOffers(output, (text) => text.replace(/\t.*/, '').replace(/\/$/, ''));
  });
});

describe('zsh', () => {
  it('offers what fits', { timeout: 120_000 }, async ({ skip }) => {
    const { work, env, script } = await place('zsh');
    const output = run.zsh(`cd '${work.root}'\n${zshAsk(script)}`, env);
    if (output === undefined) return skip('there is no zsh here');
    expectOffers(onlyHits(output), (text) => text.replaceAll('\\', ''));
  });
});

/**
 * An interactive zsh at a pseudo terminal: what completion adds is printed, and what stands on the line
 * afterwards.
 */
function zshAsk(script: string): string {
  const inner = [
    'PROMPT=; autoload -Uz compinit; compinit -u -D',
    `source '${script}'`,
    'offered() { print -rl -- "" "LINE:$BUFFER" END""LINE; BUFFER=; }; zle -N offered; bindkey "^X" offered; bindkey "^I" complete-word',
    'compadd() { local -a found; local w; case " $* " in *" -O "*|*" -A "*|*" -D "*) ;; *) builtin compadd -A found "$@"; for w in $found; do print -r -- "HIT:$IPREFIX$w"; done ;; esac; builtin compadd "$@" }',
  ];
  return [
    'zmodload zsh/zpty; zpty z zsh -f -i',
    ...inner.map((line) => `zpty -w z '${line.replaceAll("'", "'\\''")}'`),
    `zpty -w z 'print READ""Y'; zpty -r z out '*READY*'`,
    ...ASKED.map(
      ([typed]) =>
        `zpty -n -w z '${typed}'$'\\t\\x18'; zpty -r z out '*ENDLINE*'; print -r -- "\${out//$'\\r'}" | grep -aoE '(HIT|LINE):.*' ; print -r -- ---`,
    ),
    'zpty -d z',
  ].join('\n');
}

/**
 * What was added; where that was not to be seen, the word that stands on the line now, if it was completed.
 */
function onlyHits(output: string): string {
  const answers = output.split('---\n').slice(0, -1);
  return answers
    .map((answer, i) => {
      const lines = answer.split('\n');
      const hits = lines.flatMap((line) => /^HIT:(.*)/.exec(line)?.[1] ?? []);
      const line = lines.flatMap((each) => /^LINE:(.*)/.exec(each)?.[1] ?? []).join('');
      const completed = line === ASKED[i]?.[0] ? [] : [line.trimEnd().replace(/.* /, '')];
      return `${(hits.length > 0 ? hits : completed).join('\n')}\n---\n`;
    })
    .join('');
}

function expectOffers(output: string, plain: (text: string) => string): void {
  const answers = output.split('---\n').slice(0, -1);
  expect(answers, output).toHaveLength(ASKED.length);
  const offered = answers.map((answer) => [...new Set(answer.split('\n').filter(Boolean).map(plain))].sort());
  expect(Object.fromEntries(ASKED.map(([typed], i) => [typed, offered[i]]))).toEqual(
    Object.fromEntries(ASKED),
  );
}

describe('every script', () => {
  const specs = commandSpecs(COMMANDS, CHOICES);

  it('knows every command, every option and what it does', async () => {
    const work = await Workdir.make();
    for (const name of SHELLS) {
      const { code, stdout } = await work.run(['completion', name]);
      expect(code).toBe(0);
      for (const { name: command, options } of specs) {
        expect(stdout, name).toContain(command);
        for (const { long } of options)
          expect(stdout, name).toContain(name === 'fish' ? `-l ${long.slice(2)}` : long);
      }
    }
  });

  it('offers words that the help names, so that neither lags behind', () => {
    for (const { options } of specs) {
      for (const { long, text, value } of options) {
        if (value === undefined || !('words' in value.values) || long === '--dataset') continue;
        for (const word of value.values.words) expect(text, long).toContain(word);
      }
    }
  });

  it('is asked for by a shell that there is', async () => {
    const work = await Workdir.make();
    for (const args of [['completion', 'tcsh'], ['completion']]) {
      const { code, stdout, stderr } = await work.run(args);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/give bash, zsh, fish, powershell/);
    }
  });
});
