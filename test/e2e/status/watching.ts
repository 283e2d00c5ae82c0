/** `status --watch` as a process that a test reads while it runs, and ends when it likes. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Workdir } from '../../support/workdir.js';

const BIN = fileURLToPath(new URL('../../../bin/barloom.js', import.meta.url));

export interface Watching {
  readonly pid: number | undefined;
  /**
   * All of stdout, with `<ESC>` for that character, as soon as it fits; rejects after `ms`, or when the
   * process has ended without it.
   */
  until(what: RegExp, ms?: number): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Nobody reads its stdout any more. */
  hangUp(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** `within`: a command that runs the one that is put together here, as its last argument. */
export function watch(
  work: Workdir,
  flags: readonly string[] = [],
  within: readonly string[] = [],
): Watching {
  const command = [process.execPath, BIN, 'status', '--watch', '--data-dir', work.data, ...flags];
  const [program = '', ...args] = within.length === 0 ? command : [...within, command.join(' ')];
  const child = spawn(program, args, {
    // script leaves its record of the session here.
    cwd: work.root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: path.join(work.root, 'home'),
      BARLOOM_NOW: work.now,
      TERM: 'xterm',
    },
  });
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text.replaceAll('\x1b', '<ESC>');
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
      tell();
    });
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return {
    pid: child.pid,
    ended,
    kill: (signal) => {
      // Through a pseudo-terminal a signal is a key.
      if (within.length > 0 && signal === 'SIGINT') child.stdin.write('\x03');
      else child.kill(signal);
    },
    hangUp: () => child.stdout.destroy(),
    until: (what, ms = 20_000) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (what.test(stdout)) finish(() => resolve(stdout));
          else if (child.exitCode !== null || child.signalCode !== null)
            finish(() => reject(fail('it ended')));
        };
        const timer = setTimeout(() => finish(() => reject(fail(`${ms} ms passed`))), ms);
        const finish = (settle: () => void): void => {
          clearTimeout(timer);
          listeners.delete(check);
          settle();
        };
        const fail = (why: string): Error => new Error(`no ${what} and ${why}:\n${stdout}\n${stderr}`);
        listeners.add(check);
        check();
      }),
  };
}
