/** The calendar of a dataset: a row a month, a cell a day, its state in words for whoever points or listens. */
import type { FolderData } from './data.js';

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = 31;

export function drawHeat(
  place: Element,
  months: FolderData['datasets'][number]['months'],
  letters: FolderData['letters'],
): void {
  const table = document.createElement('table');
  table.className = 'calendar';
  table.createCaption().textContent = 'Calendar: a cell a session';
  const head = table.createTHead().insertRow();
  head.append(heading('Month', 'col'));
  for (let day = 1; day <= DAYS; day++) head.append(heading(String(day), 'col'));
  const body = table.createTBody();
  for (const [month, text] of Object.entries(months).reverse()) {
    const row = body.insertRow();
    row.append(heading(`${NAMES[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`, 'row'));
    const cells = Array.from({ length: DAYS }, () => row.insertCell());
    for (const [, day = '', letter = ''] of text.matchAll(/(\d+)([a-z])/gi)) {
      const cell = cells[Number(day) - 1];
      if (cell === undefined) continue;
      const isAccepted = letter !== letter.toLowerCase();
      const state = letters[letter.toLowerCase()] ?? letter;
      const said = `${month}-${day.padStart(2, '0')}: ${state}${isAccepted ? ', accepted' : ''}`;
      cell.className = `day ${state}${isAccepted ? ' accepted' : ''}`;
      cell.title = said;
      cell.dataset['day'] = `${month}-${day.padStart(2, '0')}`;
      cell.dataset['state'] = state;
      const words = document.createElement('span');
      words.className = 'words';
      words.textContent = state;
      cell.append(words);
    }
  }
  const scroll = document.createElement('div');
  scroll.className = 'scroll';
  scroll.tabIndex = 0;
  scroll.append(table);
  place.append(scroll, legend(months, letters));
}

/** The states that occur. */
function legend(months: Readonly<Record<string, string>>, letters: FolderData['letters']): Element {
  const found = new Set(Object.values(months).join('').toLowerCase().replace(/\d/g, ''));
  const line = document.createElement('p');
  line.className = 'key';
  for (const [letter, state] of Object.entries(letters)) {
    if (!found.has(letter)) continue;
    const sign = document.createElement('span');
    sign.className = `day ${state}`;
    const item = document.createElement('span');
    item.append(sign, ` ${state} `);
    line.append(item);
  }
  return line;
}

function heading(text: string, scope: 'col' | 'row'): HTMLElement {
  const cell = document.createElement('th');
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}
