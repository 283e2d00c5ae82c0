/** Another program, run to its end. */
import { spawn } from 'node:child_process';

export interface ProgramEnded {
  readonly code: number | null;
  /** Bytes as Latin-1. */
  readonly stdout: string;
  readonly stderr: string;
}

/** `stdin`: bytes as Latin-1. Undefined where there is no such program. Rejects with the system's error. */
export function runProgram(
  program: string,
  args: readonly string[],
  stdin: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ProgramEnded | undefined> {
  return new Promise((resolve, reject) => {
    // What they say when there is nothing must not depend on the user's language.
    const child = spawn(program, args, { env: { ...env, LC_ALL: 'C' }, stdio: ['pipe', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(Buffer.from(stdin, 'latin1'));
    child.on('error', (error: NodeJS.ErrnoException) => {
      // EACCES: a folder of PATH cannot be read, and none of the others has it.
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
