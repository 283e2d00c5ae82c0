/** Runs in the report's page: draws what its data say. */
import { drawBars } from './bars.js';
import { drawCandles, drawRows } from './charts.js';
import { pageData } from './data.js';
import { drawHeat } from './heat.js';

const data = pageData();
if (data.kind === 'folder') {
  for (const [i, { months, rows }] of data.datasets.entries()) {
    const heat = document.querySelector(`[data-heat="${i}"]`);
    if (heat !== null) drawHeat(heat, months, data.letters);
    const chart = document.querySelector<HTMLElement>(`[data-rows="${i}"]`);
    if (chart !== null) drawRows(chart, rows);
  }
} else {
  const [candles, legend, bars] = ['candles', 'legend', 'bars'].map((id) => document.getElementById(id));
  if (candles && legend) drawCandles(candles, legend, data);
  if (bars) drawBars(bars, data);
}
