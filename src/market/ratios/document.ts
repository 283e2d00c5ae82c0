/** The ratios' tables as Markdown, of the very lines that are computed.. */
import { FUNCTIONS } from './expression.js';
import { olderRatios } from './older.js';
import { GIVEN, operands, priceOperands } from './operands.js';
import { ratios } from './ratios.js';

/** What stands in docs/ratios.md below its introduction. */
export function ratiosDocument(): string {
  const sections = [...new Set(ratios.map(({ section }) => section))];
  return [
    ...sections.flatMap((section) => {
      const own = ratios.filter((one) => one.section === section);
      return [
        `## ${section} (${own.length})`,
        table(
          ['name', 'formula', 'unit', 'null where'],
          own.map(({ name, formula, unit, rule, yearly }) => [
            `\`${name}\``,
            code(formula),
            unit,
            [RULES[rule], yearly ? 'quarterly' : ''].filter(Boolean).join('; '),
          ]),
        ),
      ];
    }),
    '## What the formulas name',
    table(
      ['name', 'what it is'],
      [
        ...[...operands, ...priceOperands].map(({ name, formula }) => [`\`${name}\``, code(formula)]),
        ...Object.entries(GIVEN).map(([name, text]) => [`\`${name}\``, text]),
      ],
    ),
    '`a else b` is b where a is missing; `a|0` counts a missing a as 0. Functions:',
    Object.values(FUNCTIONS)
      .map((text) => `- \`${text.replace(': ', '`: ')}`)
      .join('\n'),
    '## The 20 of an older program',
    'The view `older_ratios` in `barloom sql` has them under their old names and by their old rules: percent where it had percent, no annualising, no means, debt and ' +
      'investing flows that are missing count as 0, a row for each statement row. Where a name is also one of the table above, it means something else.',
    table(
      ['name', 'formula'],
      olderRatios.map(([name, formula]) => [`\`${name}\``, code(formula)]),
    ),
  ].join('\n\n');
}

const RULES = { P: 'a divisor is 0 or below', Z: 'a divisor is 0', '': '' } as const;

/** A bar would end a cell. */
function code(formula: string): string {
  return `\`${formula.replaceAll('|', '\\|')}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
