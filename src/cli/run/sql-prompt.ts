/**
 * The prompt of `barloom sql`: statements end with a semicolon, Ctrl-C ends the one that runs and not the
 * prompt, and what was asked is remembered in the user's state folder.
 */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Environment } from '#cli/environment.js';
import { judgeError } from '#cli/errors.js';
import type { CommandResult } from '#cli/output/reported.js';
import { sqlTable } from '#cli/output/sql-table.js';
import { rowsOf } from '#tasks/sql/result-rows.js';
import type { SqlSession } from '#tasks/sql/session.js';
import { isComplete } from '#tasks/sql/statements.js';

const REMEMBERED = 500;
const SHOWN = 50;

export async function sqlPrompt(session: SqlSession, environment: Environment): Promise<CommandResult> {
  const history = historyFile(environment);
  environment.stdout(`Tables: ${session.names().join(', ')}.\nStatements end with ; and \\q leaves.\n`);
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
    historySize: REMEMBERED,
    history: remembered(history),
    prompt: 'barloom> ',
    completer: (line: string) => completions(line, session.names()),
  });
  let buffer = '';
  let running = false;
  const ask = (): void => {
    lines.setPrompt(buffer === '' ? 'barloom> ' : '    ...> ');
    lines.prompt();
  };
  const runNow = async (sql: string): Promise<void> => {
    running = true;
    try {
      const result = await session.query(sql);
      if (result !== undefined && result.columnCount > 0)
        environment.stdout(
          await sqlTable(rowsOf(result), { columns: environment.stdoutColumns(), rows: SHOWN }),
        );
    } catch (error) {
      environment.stderr(`${judgeError(error).message}\n`);
    }
    running = false;
  };
  lines.on('SIGINT', () => {
    if (running) session.interrupt();
    else {
      buffer = '';
      environment.stdout('\n');
      ask();
    }
  });
  ask();
  // Lines that come while a statement runs wait for it.
  for await (const line of lines) {
    if (buffer === '' && /^\s*(\\q|exit|quit)\s*;?\s*$/i.test(line)) break;
    buffer += `${line}\n`;
    if (buffer.trim() === '') buffer = '';
    if (isComplete(buffer)) {
      const sql = buffer;
      buffer = '';
      remember(history, sql);
      await runNow(sql);
    }
    ask();
  }
  lines.close();
  return { exitCode: 0 };
}

function completions(line: string, names: readonly string[]): [string[], string] {
  const word = /[A-Za-z_][A-Za-z0-9_]*$/.exec(line)?.[0] ?? '';
  return [word === '' ? [] : names.filter((name) => name.startsWith(word.toLowerCase())), word];
}

function historyFile({ env, home }: Environment): string {
  return path.join(env['XDG_STATE_HOME'] ?? path.join(home, '.local', 'state'), 'barloom', 'sql_history');
}

/** The newest first, as readline has it. */
function remembered(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(-REMEMBERED).reverse();
  } catch {
    return [];
  }
}

/** A convenience: where it cannot be kept, nothing is amiss. */
function remember(file: string, sql: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, `${sql.replace(/\s+/g, ' ').trim()}\n`, { mode: 0o600 });
  } catch {
    // See above.
  }
}
