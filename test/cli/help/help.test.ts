/** The help: nothing is left out of it, and it fits the terminal. */
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { COMMANDS } from '#cli/command-table.js';
import { COMMAND_GROUPS } from '#cli/help/command-groups.js';
import { EXAMPLES } from '#cli/help/examples.js';
import { declareForHelp, declareTopic, HELP_LAYOUT } from '#cli/help/help.js';

function helpOf(name: string, columns: number, all = false): string {
  let text = '';
  const program = new Command('barloom').exitOverride().configureHelp(HELP_LAYOUT);
  program.configureOutput({
    getOutHelpWidth: () => columns,
    writeOut: (part) => {
      text += part;
    },
  });
  declareTopic(program, COMMANDS);
  for (const definition of COMMANDS) {
    const command = program.command(definition.name).description(definition.summary);
    if (definition.operands !== undefined) command.arguments(definition.operands);
    declareForHelp(command, definition, all);
  }
  expect(() => program.parse(['help', name], { from: 'user' })).toThrow('(outputHelp)');
  return text;
}

it('every command stands under one heading and has examples', () => {
  const names = COMMANDS.map(({ name }) => name).sort();
  expect(COMMAND_GROUPS.flatMap(([, commands]) => commands).sort()).toEqual(names);
  expect(Object.keys(EXAMPLES).sort()).toEqual(names);
});

it('no example has an option that its command does not take', () => {
  for (const { name, options } of COMMANDS) {
    const flags = new Set(options.flatMap(([text]) => text.match(/--?[a-z][a-z-]*/g) ?? []));
    for (const line of EXAMPLES[name]?.lines ?? []) {
      const [own = ''] = line.split(/ [|>] /);
      expect(own.split(' ')[0]).toBe(name);
      for (const flag of own.match(/(?<= )--?[a-z][a-z-]*/g) ?? []) expect(flags, line).toContain(flag);
    }
  }
});

it('the help of every command fits into 50, 80 and 160 columns', () => {
  for (const columns of [50, 80, 160]) {
    for (const { name } of COMMANDS) {
      const wide = helpOf(name, columns, true)
        .split('\n')
        .filter((line) => line.length > columns && line.trim().includes(' ') && !line.startsWith('Usage'));
      // Words that are wider by themselves stay whole.
      expect(
        wide.filter((line) =>
          line
            .trim()
            .split(' ')
            .every((word) => word.length < columns - 12),
        ),
      ).toEqual([]);
    }
  }
});

it('shared options are named in the short help, and explained by --all and by help options', () => {
  const short = helpOf('populate', 80);
  expect(short).toMatch(/^Days:\n {2}-s, --start <date>/m);
  expect(short).toMatch(/^Shared options.*\n(.*\n)?.*--data-dir, --archive-dir,/m);
  expect(short).not.toContain('data folder (default');
  for (const whole of [helpOf('populate', 80, true), helpOf('options', 80)])
    expect(whole).toMatch(/^Where:\n {2}--data-dir <dir> +data folder \(default/m);
});
