/**
 * What the help says beside names and texts: options under headings, the shared ones folded into a line,
 * examples and exit codes. Loaded only where help is asked for.
 */
import type { Command, Help, HelpConfiguration } from 'commander';
import type { CommandDefinition, OptionLine } from '#cli/invocation.js';
import { EXIT } from '#tasks/exit-code.js';
import { commandGroup } from './command-groups.js';
import { CODE_WORDS, EXAMPLES } from './examples.js';
import { isFolded, OPTION_GROUPS, optionGroup } from './option-groups.js';

/** `start` of `-s, --start <date>`, `progress` of `--no-progress`. */
const LONG = /--(?:no-)?([\w-]+)/;

/** Below it, what an option means stands on the line after it. */
const NARROW = 70;

/** Wrapped to the width, and commands by their names alone. */
export const HELP_LAYOUT: HelpConfiguration = {
  minWidthToWrap: 20,
  subcommandTerm: (command) => command.name(),
  formatItem: (term, termWidth, description, helper) => {
    const width = helper.helpWidth ?? 80;
    const beneath = width < NARROW;
    const indent = beneath ? 6 : termWidth + 4;
    const text = helper.boxWrap(description, width - indent).replaceAll('\n', `\n${' '.repeat(indent)}`);
    if (text === '') return `  ${term}`;
    return beneath ? `  ${term}\n${' '.repeat(indent)}${text}` : `  ${term.padEnd(termWidth)}  ${text}`;
  },
};

/** The command's place in the list of commands; one that stands under no heading is hidden by commander. */
export function groupCommand(command: Command): void {
  command.helpGroup(`${commandGroup(command.name())}:`);
}

/** Declares the options under their headings. `whole`: the shared ones with their texts too. */
export function declareForHelp(
  command: Command,
  { name, options }: Pick<CommandDefinition, 'name' | 'options'>,
  whole: boolean,
): void {
  const folded: string[] = [];
  for (const group of OPTION_GROUPS) {
    for (const [flags, text] of options) {
      const long = LONG.exec(flags)?.[1] ?? '';
      if (optionGroup(long) !== group) continue;
      const option = command.createOption(flags, text);
      const fold = !whole && isFolded(long);
      if (fold) folded.push(`--${option.name()}`);
      command.addOption(option.helpGroup(`${group}:`).hideHelp(fold));
    }
  }
  command.addHelpText('after', () => afterText(name, folded, command.createHelp(), width(command)));
}

/** `barloom help options`: the options that commands share, as if they were a command's. */
export function declareTopic(program: Command, commands: readonly CommandDefinition[]): void {
  const shared = new Map<string, OptionLine>();
  for (const [flags, text] of commands.flatMap(({ options }) => options)) {
    const long = LONG.exec(flags)?.[1] ?? '';
    if (isFolded(long) && !shared.has(long)) shared.set(long, [flags, text]);
  }
  const topic = program
    .command('options', { hidden: true })
    .description('Options that commands share; the help of a command names those that it takes.')
    .helpOption(false)
    .helpGroup('Help:')
    .configureHelp({ ...HELP_LAYOUT, commandUsage: () => 'barloom COMMAND [options]' });
  declareForHelp(topic, { name: 'options', options: [...shared.values()] }, true);
}

function width(command: Command): number {
  return command.configureOutput().getOutHelpWidth?.() ?? 80;
}

function afterText(name: string, folded: readonly string[], help: Help, columns: number): string {
  help.minWidthToWrap = 20;
  const block = (heading: string, lines: readonly string[]): string => {
    const wrapped = lines.flatMap((line) => help.boxWrap(line, columns - 2).split('\n'));
    return ['', heading, ...wrapped.map((line) => `  ${line}`), ''].join('\n');
  };
  const examples = EXAMPLES[name];
  const codes = examples === undefined ? [] : [EXIT.ok, EXIT.usage, EXIT.disk, ...examples.codes];
  const means = codes.sort((a, b) => a - b).map((code) => `${code} ${CODE_WORDS[code] ?? ''}`);
  const lines = examples?.lines ?? [];
  return [
    folded.length === 0 ? '' : block('Shared options (--help --all explains them):', [folded.join(', ')]),
    lines.length === 0
      ? ''
      : block(
          'Examples:',
          lines.map((line) => `barloom ${line}`),
        ),
    means.length === 0 ? '' : block('Exit codes:', [means.join(', ')]),
  ].join('');
}
