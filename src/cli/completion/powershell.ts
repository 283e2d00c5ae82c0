/** The script for PowerShell, from 5 on. Where it offers nothing, PowerShell completes files by itself. */
import {
  type CommandSpec,
  FOLDER_OPTIONS,
  FOLDER_SWITCHES,
  PLAIN_TICKER,
  type ValueSpec,
  type Values,
} from './spec.js';

export function powershellScript(commands: readonly CommandSpec[]): string {
  return `# barloom's completion for PowerShell. To have it in every shell, add to $PROFILE:
#   barloom completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName barloom -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commands = [ordered]@{
${commands.map(({ name, summary }) => `        ${quoted(name)} = ${quoted(summary)}`).join('\n')}
    }
    $options = @{
${commands.map(optionTable).join('\n')}
    }
    # What stands for an option's value, or for an operand; @t: tickers, @k: tracked ones, nothing: files, or anything.
    $values = @{
${commands.flatMap(valueLines).join('\n')}
    }
    # Options that take a value; those that take several.
    $one = @(${valueOptions(commands, false)})
    $several = @(${valueOptions(commands, true)})

    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    function Offer($found) {
        foreach ($name in $found.Keys) {
            if ($name.StartsWith($wordToComplete, [StringComparison]::Ordinal)) {
                [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $found[$name])
            }
        }
    }
    function Tickers($which) {
        $folder = @()
        for ($i = 2; $i -lt $words.Count; $i++) {
            if (@(${FOLDER_OPTIONS.map(quoted).join(', ')}) -ccontains $words[$i]) { $folder += $words[$i], $words[$i + 1] }
            elseif (@(${FOLDER_SWITCHES.map(quoted).join(', ')}) -ccontains $words[$i]) { $folder += $words[$i] }
        }
        barloom tickers @which @folder 2>$null | ForEach-Object { ($_ -split '\\s')[0] } | Where-Object { $_ -cmatch '${PLAIN_TICKER}' }
    }

    if ($words.Count -le 1) { Offer $commands; return }
    $command = $words[1]
    $option = ''
    for ($i = $words.Count - 1; $i -gt 1; $i--) {
        if ($words[$i].StartsWith('-')) { $option = $words[$i]; break }
    }
    $key = "$command $option"
    $isValue = ($option -ne '') -and (($one -ccontains $key -and $i -eq $words.Count - 1) -or ($several -ccontains $key))
    if ($wordToComplete.StartsWith('-') -and -not $isValue) {
        if ($options.ContainsKey($command)) { Offer $options[$command] }
        return
    }
    if (-not $isValue) { $key = $command }
    if (-not $values.ContainsKey($key)) { return }
    $head = if ($wordToComplete.Contains(',')) { $wordToComplete.Substring(0, $wordToComplete.LastIndexOf(',') + 1) } else { '' }
    $found = $values[$key]
    if ($found -ceq '@t') { $found = Tickers @('--like', ($wordToComplete.Substring($head.Length) + '*')) }
    elseif ($found -ceq '@k') { $found = Tickers @('--tracked') }
    foreach ($word in $found) {
        $whole = $head + $word
        if ($whole.StartsWith($wordToComplete, [StringComparison]::Ordinal)) {
            [System.Management.Automation.CompletionResult]::new($whole, $word, 'ParameterValue', $word)
        }
    }
}
`;
}

function optionTable({ name, options }: CommandSpec): string {
  const rows = options.flatMap(({ short, long, text }) =>
    [...(short === undefined ? [] : [short]), long].map(
      (form) => `            ${quoted(form)} = ${quoted(text)}`,
    ),
  );
  return `        ${quoted(name)} = [ordered]@{\n${rows.join('\n')}\n        }`;
}

function valueLines({ name, options, operand }: CommandSpec): readonly string[] {
  const line = (key: string, values: Values): readonly string[] => {
    const words = wordsOf(values);
    return words === undefined ? [] : [`        ${quoted(key)} = ${words}`];
  };
  return [
    ...(operand === undefined ? [] : line(name, operand.values)),
    ...options.flatMap(({ short, long, value }) =>
      value === undefined
        ? []
        : [...(short === undefined ? [] : [short]), long].flatMap((form) =>
            line(`${name} ${form}`, value.values),
          ),
    ),
  ];
}

function wordsOf(values: Values): string | undefined {
  switch (values.kind) {
    case 'tickers':
    case 'ticker-list':
      return "'@t'";
    case 'tracked':
      return "'@k'";
    case 'list':
    case 'words':
      return `@(${values.words.map(quoted).join(', ')})`;
    default:
      return undefined;
  }
}

function valueOptions(commands: readonly CommandSpec[], variadic: boolean): string {
  const wanted = (value: ValueSpec | undefined): boolean =>
    value !== undefined && value.variadic === variadic;
  const keys = commands.flatMap(({ name, options }) =>
    options.flatMap(({ short, long, value }) =>
      wanted(value)
        ? [...(short === undefined ? [] : [short]), long].map((form) => quoted(`${name} ${form}`))
        : [],
    ),
  );
  return keys.join(', ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
