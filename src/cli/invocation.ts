/** What a command is: its line in the table of commands, and what it is handed when it is run. */
import type { Environment } from './environment.js';

/** As commander reads it: `-s, --start <date>`, and what the help says. */
export type OptionLine = readonly [flags: string, text: string];

export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  /** As commander reads it: `[tickers...]`. */
  readonly operands?: string;
  readonly options: readonly OptionLine[];
  readonly load: () => Promise<CommandRunner>;
}

/** What a command is handed. */
export interface Invocation {
  /** The operands, such as tickers. */
  readonly args: readonly string[];
  /**
   * The options that stand on the command line, by camel-cased name; defaults are a matter of settings.ts.
   */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  /** The table of all commands. */
  readonly commands: readonly CommandDefinition[];
}

/** Returns the exit code; what it throws becomes a sentence and one too (errors.ts). */
export type CommandRunner = (invocation: Invocation) => Promise<number>;
