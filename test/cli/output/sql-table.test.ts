import { expect, it } from 'vitest';
import { tableText } from '#cli/output/sql-table.js';

const columns = [
  { name: 'ticker', type: 'VARCHAR', isNumber: false },
  { name: 'close', type: 'DOUBLE', isNumber: true },
];

it('fits the width, whatever is in it, and says what it does not show', () => {
  const wide = tableText(
    columns,
    [
      ['A'.repeat(200), 1.5],
      ['B', null],
    ],
    7,
    30,
  );
  for (const line of wide.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(30);
  expect(wide).toContain('…');
  expect(wide).toContain('(7 rows, 5 rows not shown');
  const many = tableText(
    Array.from({ length: 9 }, (_, i) => ({ name: `column${i}`, type: 'VARCHAR', isNumber: false })),
    [],
    0,
    30,
  );
  expect(many).toContain('6 columns not shown');
});

it('nothing raw reaches the terminal', () => {
  expect(tableText(columns, [['\x1b[31m\n', 1]], 1, 80)).not.toContain('\x1b');
});
