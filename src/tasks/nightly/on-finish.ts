/**
 * The command that hears what a night came to: run by the shell, with the summary on its stdin. Whatever it
 * does (fails, hangs, reads nothing, writes without end), the night ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';

export interface Hook {
  /** As a shell reads it. */
  readonly command: string;
  readonly stdin: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface HookEnded {
  readonly ok: boolean;
  /** `exit code 3`, `killed after 60 s`. */
  readonly how: string;
  /** The end of what it wrote to stdout and stderr. */
  readonly output: string;
}

/** Of what a hook writes so much is kept, in bytes. */
const KEPT = 4096;
const PIPE_MS = 200;

/** Never throws. When it takes too long, or the run is stopped, all that it started is killed with it. */
export function runHook(hook: Hook): Promise<HookEnded> {
  return new Promise((resolve) => {
    // A process group of its own, so that what it starts can be killed with it.
    const child = spawn(hook.command, {
      shell: true,
      cwd: hook.cwd,
      env: hook.env,
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    let output = Buffer.alloc(0);
    let killed: string | undefined;
    const hear = (chunk: Buffer): void => {
      output = Buffer.concat([output, chunk]).subarray(-KEPT);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    // Who does not read it does not want it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(hook.stdin);
    const kill = (why: string): void => {
      killed ??= why;
      killGroup(child);
    };
    const onAbort = (): void => kill('killed, since the run was stopped');
    const timer = setTimeout(() => kill(`killed after ${hook.timeoutMs / 1000} s`), hook.timeoutMs);
    hook.signal.addEventListener('abort', onAbort, { once: true });
    const end = (ok: boolean, how: string): void => {
      clearTimeout(timer);
      hook.signal.removeEventListener('abort', onAbort);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ ok: ok && killed === undefined, how: killed ?? how, output: output.toString('utf8').trim() });
    };
    child.on('error', (error) => end(false, error.message));
    child.on('exit', (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `ended by ${signal}`;
      // What it wrote last may still be in the pipe; what it left running may hold the pipe open for ever.
      child.on('close', () => end(code === 0, how));
      setTimeout(() => end(code === 0, how), PIPE_MS);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
