/** One question on the terminal, one line as the answer. */
import { createInterface } from 'node:readline';

/** '' where the input ended, or the run was stopped, without an answer. */
export function askOnTerminal(question: string, signal: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve) => {
    // The terminal edits the line itself: so Ctrl-C stays a signal, which stops the run like any other time.
    const reader = createInterface({ input: stdin, terminal: false });
    let answer = '';
    const stop = (): void => reader.close();
    reader.once('line', (line) => {
      answer = line;
      reader.close();
    });
    reader.once('close', () => {
      signal.removeEventListener('abort', stop);
      if (answer === '') stderr.write('\n');
      resolve(answer);
    });
    signal.addEventListener('abort', stop);
    stderr.write(question);
  });
}
