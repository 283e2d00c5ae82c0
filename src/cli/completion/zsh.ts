/** The script for zsh: sourced, or a file _barloom in a folder of $fpath. */
import {
  type CommandSpec,
  FOLDER_OPTIONS,
  FOLDER_SWITCHES,
  type OptionSpec,
  PLAIN_TICKER,
  type ValueSpec,
  type Values,
} from './spec.js';

export function zshScript(commands: readonly CommandSpec[]): string {
  return `#compdef barloom
# barloom's completion for zsh. To have it in every shell, add to ~/.zshrc, after compinit:
#   source <(barloom completion zsh)

# With commas in what is typed, its last part counts.
_barloom_list() {
  compset -P '*,'
  compadd -S '' -- "$@"
}

# Asked of barloom itself, for the folder that the command line names.
_barloom_tickers() {
  local -a folder found
  local i word plain='${PLAIN_TICKER}'
  compset -P '*,'
  for ((i = 2; i < CURRENT; i++)); do
    case $words[i] in
      ${FOLDER_OPTIONS.join(' | ')}) folder+=($words[i] "\${\${(Q)words[i + 1]}/#\\~/$HOME}") ;;
      ${FOLDER_OPTIONS.map((option) => `${option}=*`).join(' | ')}) folder+=("\${\${(Q)words[i]}/=\\~/=$HOME}") ;;
      ${FOLDER_SWITCHES.join(' | ')}) folder+=($words[i]) ;;
    esac
  done
  [[ $1 == --like ]] && set -- --like "\${(Q)PREFIX}*"
  while read -r word _; do
    [[ $word =~ $plain ]] && found+=("$word")
  done < <(barloom tickers "$@" $folder 2>/dev/null)
  compadd -- $found
}

_barloom() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '(- *)'{-h,--help}'[what there is]' '(- *)'{-V,--version}'[the version]' '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a commands
      commands=(
${commands.map(({ name, summary }) => `        ${quoted(`${name}:${summary}`)}`).join('\n')}
      )
      _describe 'command' commands ;;
    rest)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}

if [[ $funcstack[1] == _barloom ]]; then _barloom "$@"; else compdef _barloom barloom; fi
`;
}

function commandCase({ name, options, operand }: CommandSpec): string {
  const specs = [...options.flatMap(optionSpecs), ...(operand === undefined ? [] : [operandSpec(operand)])];
  return `        ${name}) _arguments -s -S \\\n${specs.map((spec) => `          ${spec}`).join(' \\\n')} ;;`;
}

/** One of two names excludes the other; an option that takes several values may stand more than once. */
function optionSpecs({ short, long, text, value }: OptionSpec): readonly string[] {
  const about = `[${text.replace(/[[\]\\]/g, '\\$&')}]${value === undefined ? '' : messageAndAction(value, value.variadic ? '*-*' : '')}`;
  const name = value === undefined ? long : `${long}=`;
  if (short === undefined) return [quoted(`${value?.variadic === true ? '*' : ''}${name}${about}`)];
  const shortName = value === undefined ? short : `${short}+`;
  return [`'(${short} ${long})'{${shortName},${name}}${quoted(about)}`];
}

function operandSpec(operand: ValueSpec): string {
  return quoted(`${operand.variadic ? '*' : '1'}${messageAndAction(operand)}`);
}

/** `words`: which words it may be, in the form of _arguments. */
function messageAndAction({ name, values }: ValueSpec, words = ''): string {
  return `:${words}${words === '' ? '' : ':'}${name.replace(/[:\\]/g, '\\$&')}:${actionOf(values)}`;
}

/** A blank before it keeps _arguments from putting arguments of its own between. */
function actionOf(values: Values): string {
  switch (values.kind) {
    case 'any':
      return ' ';
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'tickers':
    case 'ticker-list':
      return ' _barloom_tickers --like';
    case 'tracked':
      return ' _barloom_tickers --tracked';
    case 'list':
      return ` _barloom_list ${values.words.join(' ')}`;
    default:
      return `(${values.words.join(' ')})`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
