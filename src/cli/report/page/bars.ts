/** The bars as a table, and as CSV on the clipboard. */
import type { TickerData } from './data.js';

const HEADINGS = ['Date', 'Open', 'High', 'Low', 'Close', 'Volume'];

export function drawBars(place: HTMLElement, { bars }: TickerData): void {
  const columns = bars.some((bar) => bar[5] !== undefined) ? HEADINGS : HEADINGS.slice(0, 5);
  const table = document.createElement('table');
  table.createCaption().textContent = 'Newest first';
  const head = table.createTHead().insertRow();
  for (const [i, name] of columns.entries()) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = name;
    if (i > 0) cell.className = 'n';
    head.append(cell);
  }
  const body = table.createTBody();
  for (const bar of bars.toReversed()) {
    const row = body.insertRow();
    for (const [i] of columns.entries()) {
      const cell = row.insertCell();
      cell.textContent = String(bar[i] ?? '');
      if (i > 0) cell.className = 'n';
    }
  }
  place.append(table);
  const button = document.getElementById('copy');
  const said = document.getElementById('copied');
  button?.addEventListener('click', async () => {
    const lines = bars.map((bar) => columns.map((_, i) => bar[i] ?? '').join(','));
    try {
      await navigator.clipboard.writeText(`${[columns.join(','), ...lines].join('\n')}\n`);
      if (said !== null) said.textContent = `${bars.length} bars copied.`;
    } catch {
      if (said !== null) said.textContent = 'The browser does not allow it: select the table instead.';
    }
  });
}
