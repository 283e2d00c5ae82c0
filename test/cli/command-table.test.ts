/** The table of commands makes a command line: each command once, and each of its options once. */
import { expect, it } from 'vitest';
import { COMMANDS } from '#cli/command-table.js';

it('no command stands twice, and no option of a command does', () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
  for (const { name, options } of COMMANDS) {
    const flags = options
      .flatMap(([text]) => text.match(/(?:^|\s)--?[a-z][a-z-]*/g) ?? [])
      .map((flag) => flag.trim());
    expect(flags, name).toEqual([...new Set(flags)]);
  }
});
