/** The script for bash, from 3.2 on. */
import { type CommandSpec, FOLDER_OPTIONS, FOLDER_SWITCHES, PLAIN_TICKER, type Values } from './spec.js';

export function bashScript(commands: readonly CommandSpec[]): string {
  const names = commands.map(({ name }) => name);
  return `# barloom's completion for bash. To have it in every shell, add to ~/.bashrc:
#   source <(barloom completion bash)

# The words that begin with what is typed; with commas in it, its last part counts.
_barloom_words() {
  local cur=$1 head= word
  [[ $cur == *,* ]] && head=\${cur%,*},
  shift
  for word in "$@"; do
    [[ $head$word == "$cur"* ]] && COMPREPLY+=("$head$word")
  done
}

_barloom_paths() {
  local word
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$2")
}

# Asked of barloom itself, for the folder that the command line names.
_barloom_tickers() {
  local cur=$1 head= word i plain='${PLAIN_TICKER}'
  local -a folder
  [[ $cur == *,* ]] && head=\${cur%,*},
  shift
  for ((i = 2; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${FOLDER_OPTIONS.join(' | ')})
        word=\${COMP_WORDS[i + 1]}
        [[ $word == = ]] && word=\${COMP_WORDS[i + 2]}
        folder+=("\${COMP_WORDS[i]}" "\${word/#\\~/$HOME}") ;;
      ${FOLDER_SWITCHES.join(' | ')}) folder+=("\${COMP_WORDS[i]}") ;;
    esac
  done
  while read -r word _; do
    [[ $head$word == "$cur"* && $word =~ $plain ]] && COMPREPLY+=("$head$word")
  done < <(barloom tickers "$@" \${folder[@]+"\${folder[@]}"} 2>/dev/null)
}

_barloom() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} option= at i
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _barloom_words "$cur" ${names.join(' ')} --help --version
    return
  fi
  # --option=value comes as three words.
  [[ $cur == = ]] && cur=
  for ((i = COMP_CWORD - 1; i > 1; i--)); do
    [[ \${COMP_WORDS[i]} == = ]] && continue
    ((\${at:-0} == 0)) && at=$i
    if [[ \${COMP_WORDS[i]} == -* ]]; then
      option=\${COMP_WORDS[i]}
      break
    fi
  done
  # The value of an option that takes one, then of one that takes several.
  [[ -n $option && $at == "$i" ]] && case "$command $option" in
${valueCases(commands, false)}
  esac
  [[ $cur != -* ]] && case "$command $option" in
${valueCases(commands, true)}
  esac
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}

complete -F _barloom barloom
`;
}

function valueCases(commands: readonly CommandSpec[], variadic: boolean): string {
  const patterns = new Map<string, string[]>();
  for (const { name, options } of commands) {
    for (const { short, long, value } of options) {
      if (value === undefined || (variadic && !value.variadic)) continue;
      const action = actionOf(value.values);
      const known = patterns.get(action) ?? [];
      patterns.set(action, known);
      for (const form of short === undefined ? [long] : [short, long]) known.push(`'${name} ${form}'`);
    }
  }
  return [...patterns].map(([action, forms]) => `    ${forms.join(' | ')}) ${action}; return ;;`).join('\n');
}

function commandCase({ name, options, operand }: CommandSpec): string {
  const forms = options.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]));
  const other = operand === undefined ? [] : [`      else ${actionOf(operand.values)}`];
  return [
    `    ${name})`,
    `      if [[ $cur == -* ${operand === undefined ? '|| -z $cur ' : ''}]]; then _barloom_words "$cur" ${forms.join(' ')}`,
    ...other,
    '      fi ;;',
  ].join('\n');
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case 'any':
      return ':';
    case 'files':
      return '_barloom_paths -f "$cur"';
    case 'folders':
      return '_barloom_paths -d "$cur"';
    case 'tickers':
    case 'ticker-list':
      return `_barloom_tickers "$cur" --like "\${cur##*,}*"`;
    case 'tracked':
      return '_barloom_tickers "$cur" --tracked';
    default:
      return `_barloom_words "$cur" ${values.words.join(' ')}`;
  }
}
