/** What a shell can complete, out of the table of commands: so no script lags behind the commands. Pure. */

/**
 * The part of the table of commands that counts here: names, operands and options as commander reads them.
 */
export interface CommandLine {
  readonly name: string;
  readonly summary: string;
  /** `[tickers...]` */
  readonly operands?: string;
  /** `-s, --start <date>` and what the help says. */
  readonly options: readonly (readonly [flags: string, text: string])[];
}

/**
 * What stands for a value. `words`, `list`: one of these words, or several with commas between; `tracked`:
 * tickers that are tracked.
 */
export type Values =
  | { readonly kind: 'any' | 'files' | 'folders' | 'tickers' | 'tracked' | 'ticker-list' }
  | { readonly kind: 'words' | 'list'; readonly words: readonly string[] };

export interface ValueSpec {
  /** As the help names it: `date`. */
  readonly name: string;
  readonly values: Values;
  /** Several may follow. */
  readonly variadic: boolean;
}

export interface OptionSpec {
  /** `-s` */
  readonly short: string | undefined;
  /** `--start` */
  readonly long: string;
  readonly text: string;
  /** Undefined for a switch. */
  readonly value: ValueSpec | undefined;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  readonly operand: ValueSpec | undefined;
}

/**
 * Words that fit an option wherever it stands, by its long name; those of one command's option by both names:
 * `match --format`.
 */
export type Choices = ReadonlyMap<string, Values>;

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

const HELP: OptionSpec = { short: '-h', long: '--help', text: 'what it does and takes', value: undefined };

/** What every script is made of. */
export function commandSpecs(commands: readonly CommandLine[], choices: Choices): readonly CommandSpec[] {
  return commands.map(({ name, summary, operands, options }) => ({
    name,
    summary,
    operand: operands === undefined ? undefined : valueSpec(operands, name, undefined),
    options: [...options.map(([flags, text]) => optionOf(flags, text, name, choices)), HELP],
  }));
}

function optionOf(flags: string, text: string, command: string, choices: Choices): OptionSpec {
  const [, short, long = '', value] = /^(?:(-\w), )?(--[\w-]+)(?: (\S+))?$/.exec(flags) ?? [];
  if (long === '') throw new Error(`not an option's form: ${flags}`);
  return {
    short,
    long,
    text,
    value:
      value === undefined
        ? undefined
        : valueSpec(value, '', choices.get(`${command} ${long}`) ?? choices.get(long)),
  };
}

function valueSpec(placeholder: string, command: string, known: Values | undefined): ValueSpec {
  const variadic = placeholder.includes('...');
  const name = placeholder.replace(/[<>[\].]/g, '');
  return { name, variadic, values: known ?? valuesNamed(name, command) };
}

function valuesNamed(name: string, command: string): Values {
  switch (name) {
    case 'file':
    case 'files':
      return { kind: 'files' };
    case 'dir':
      return { kind: 'folders' };
    case 'ticker':
    case 'tickers':
      return { kind: command === 'remove' ? 'tracked' : 'tickers' };
    case 'list':
      return { kind: 'ticker-list' };
    case 'status':
      return { kind: 'words', words: ['status'] };
    case 'shell':
      return { kind: 'words', words: SHELLS };
    default:
      return { kind: 'any' };
  }
}

/** Options that say which data folder is meant, and so whose tickers: with a value, and without. */
export const FOLDER_OPTIONS: readonly string[] = ['--data-dir', '--archive-dir'];
export const FOLDER_SWITCHES: readonly string[] = ['--sandbox'];

/**
 * Tickers come out of the vendor's files: only those that no shell reads as anything but a word are offered.
 * A regular expression of all four shells.
 */
export const PLAIN_TICKER = '^[A-Za-z0-9.:/_-]+$';
