/** The script for fish. */
import {
  type CommandSpec,
  FOLDER_OPTIONS,
  FOLDER_SWITCHES,
  type OptionSpec,
  PLAIN_TICKER,
  type ValueSpec,
  type Values,
} from './spec.js';

export function fishScript(commands: readonly CommandSpec[]): string {
  return `# barloom's completion for fish. To have it in every shell:
#   barloom completion fish > ~/.config/fish/completions/barloom.fish

function __barloom_command
    set -l words (commandline -opc)
    test (count $words) -gt 1; and contains -- $words[2] $argv
end

function __barloom_no_command
    test (count (commandline -opc)) -eq 1
end

# Whether the last option is this one: it takes several values.
function __barloom_after
    set -l options (string match -- '-*' (commandline -opc))
    test "$options[-1]" = $argv[1]
end

# What is typed of the value, and of its last part where it has commas.
function __barloom_typed
    commandline -ct | string replace -r -- '^--[^=]*=' ''
end

function __barloom_list
    set -l head (__barloom_typed | string replace -r -- '[^,]*$' '')
    printf '%s\\n' $head$argv
end

# Asked of barloom itself, for the folder that the command line names.
function __barloom_tickers
    set -l words (commandline -opc)
    set -l folder
    for i in (seq 3 (count $words))
        switch $words[$i]
            case ${FOLDER_OPTIONS.join(' ')}
                set -a folder $words[$i] (string replace -r -- '^~' $HOME $words[(math $i + 1)])
            case ${[...FOLDER_OPTIONS.map((option) => `'${option}=*'`), ...FOLDER_SWITCHES].join(' ')}
                set -a folder $words[$i]
        end
    end
    set -l typed (__barloom_typed)
    set -l head (string replace -r -- '[^,]*$' '' "$typed")
    set -l which --like (string replace -r -- '.*,' '' "$typed")'*'
    test "$argv[1]" = --tracked; and set which --tracked
    printf '%s\\n' $head(barloom tickers $which $folder 2>/dev/null | string replace -r -- '\\s.*' '' | string match -r -- '${PLAIN_TICKER}')
end

complete -c barloom -f
complete -c barloom -n __barloom_no_command -s h -l help -d 'what there is'
complete -c barloom -n __barloom_no_command -s V -l version -d 'the version'
${commands.map(({ name, summary }) => `complete -c barloom -n __barloom_no_command -a ${name} -d ${quoted(summary)}`).join('\n')}
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ name, options, operand }: CommandSpec): readonly string[] {
  const begin = `complete -c barloom -n '__barloom_command ${name}'`;
  const own = options.flatMap((option) => {
    const { long, value } = option;
    const after = `complete -c barloom -n '__barloom_command ${name}; and __barloom_after ${long}'`;
    const more = value?.variadic === true ? [`${after} ${valueArguments(value, '')}`] : [];
    return [`${begin} ${optionArguments(option)}`, ...more];
  });
  return operand === undefined ? own : [...own, `${begin} ${valueArguments(operand, '')}`.trimEnd()];
}

function optionArguments({ short, long, text, value }: OptionSpec): string {
  const names = `${short === undefined ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  return `${names}${value === undefined ? '' : ` ${valueArguments(value, '-r ')}`} -d ${quoted(text)}`;
}

/** `required`: `-r ` where an option's value has to follow. */
function valueArguments({ values }: ValueSpec, required: string): string {
  if (values.kind === 'files') return `${required}-F`;
  const completer = completerOf(values);
  return `${required}-f${completer === undefined ? '' : ` -a ${quoted(completer)}`}`;
}

function completerOf(values: Values): string | undefined {
  switch (values.kind) {
    case 'folders':
      return '(__fish_complete_directories)';
    case 'tickers':
    case 'ticker-list':
      return '(__barloom_tickers)';
    case 'tracked':
      return '(__barloom_tickers --tracked)';
    case 'list':
      return `(__barloom_list ${values.words.join(' ')})`;
    case 'words':
      return values.words.join(' ');
    default:
      return undefined;
  }
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
