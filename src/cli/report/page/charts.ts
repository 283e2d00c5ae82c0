/** Charts in the page's own colours, light or dark as the system says. */
import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  LineSeries,
  type Time,
} from 'lightweight-charts';
import type { TickerData } from './data.js';

const color = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Calls `paint` at once, and whenever the system changes its mind. */
function painted(paint: () => void): void {
  paint();
  dark.addEventListener('change', paint);
}

function chartIn(place: HTMLElement): IChartApi {
  const chart = createChart(place, {
    autoSize: true,
    layout: { attributionLogo: false, fontSize: 12 },
    rightPriceScale: { borderVisible: false },
    timeScale: { borderVisible: false },
    handleScroll: { vertTouchDrag: false },
  });
  painted(() =>
    chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: color('ground') },
        textColor: color('text'),
        panes: { separatorColor: color('line') },
      },
      grid: { vertLines: { color: color('line') }, horzLines: { color: color('line') } },
    }),
  );
  return chart;
}

export function drawRows(place: HTMLElement, rows: readonly (readonly [string, number])[]): void {
  const chart = chartIn(place);
  const series = chart.addSeries(LineSeries, {
    lineWidth: 2,
    priceLineVisible: false,
    priceFormat: { type: 'volume' },
  });
  painted(() => series.applyOptions({ color: color('accent') }));
  series.setData(rows.map(([time, value]) => ({ time, value })));
  chart.timeScale().fitContent();
}

export function drawCandles(place: HTMLElement, legend: HTMLElement, data: TickerData): void {
  const { bars, missing, events } = data;
  const chart = chartIn(place);
  const candles = chart.addSeries(CandlestickSeries, { borderVisible: false });
  const least = Math.min(...bars.map((bar) => bar[3]).filter((low) => low > 0));
  const precision = least < 1 ? 6 : least < 10 ? 4 : 2;
  candles.applyOptions({ priceFormat: { type: 'price', precision, minMove: 10 ** -precision } });
  const holes = missing.map((time) => ({ time }));
  const all = [...bars.map(([time, open, high, low, close]) => ({ time, open, high, low, close })), ...holes];
  candles.setData(all.sort((a, b) => (a.time < b.time ? -1 : 1)));
  const traded = bars.filter((bar) => bar[5] !== undefined);
  const volume =
    traded.length === 0
      ? undefined
      : chart.addSeries(HistogramSeries, { priceFormat: { type: 'volume' }, priceLineVisible: false }, 1);
  const days = new Set([...bars.map(([day]) => day), ...missing]);
  const markers = createSeriesMarkers(candles);
  painted(() => {
    candles.applyOptions({
      upColor: color('up'),
      wickUpColor: color('up'),
      downColor: color('down'),
      wickDownColor: color('down'),
    });
    volume?.setData(
      traded.map(([time, open, , , close, value = 0]) => ({
        time,
        value,
        color: color(close >= open ? 'up-soft' : 'down-soft'),
      })),
    );
    markers.setMarkers([
      ...events
        .filter(({ day }) => days.has(day))
        .map(({ day, kind }) => ({
          time: day as Time,
          position: 'aboveBar' as const,
          shape: kind === 'split' ? ('square' as const) : ('circle' as const),
          color: color('accent'),
          text: kind === 'split' ? 'S' : 'D',
        })),
    ]);
  });
  if (volume !== undefined) chart.panes()[1]?.setHeight(90);
  const byDay = new Map(bars.map((bar) => [bar[0], bar]));
  const tell = (day: string | undefined): void => {
    const bar = byDay.get(day ?? '') ?? bars.at(-1);
    const happened = events.filter((event) => event.day === (day ?? '')).map(({ what }) => what);
    legend.textContent =
      day !== undefined && !byDay.has(day)
        ? `${day}: no bar`
        : bar === undefined
          ? ''
          : `${bar[0]}  open ${bar[1]}  high ${bar[2]}  low ${bar[3]}  close ${bar[4]}${bar[5] === undefined ? '' : `  volume ${Math.round(bar[5]).toLocaleString('en-US')}`}${happened.length > 0 ? `  ${happened.join(', ')}` : ''}`;
  };
  tell(undefined);
  chart.subscribeCrosshairMove(({ time }) => tell(typeof time === 'string' ? time : undefined));
  rangeButtons(chart, bars);
}

/** The buttons show so many months up to the last bar, or everything; the arrow keys move, + and - zoom. */
function rangeButtons(chart: IChartApi, bars: TickerData['bars']): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('button[data-months]')];
  const last = bars.at(-1)?.[0];
  const choose = (button: HTMLButtonElement): void => {
    const months = Number(button.dataset['months']);
    for (const one of buttons) one.setAttribute('aria-pressed', String(one === button));
    if (months === 0 || last === undefined) {
      chart.timeScale().fitContent();
      return;
    }
    const from = new Date(`${last}T00:00:00Z`);
    from.setUTCMonth(from.getUTCMonth() - months);
    const start = bars.find(([day]) => day >= from.toISOString().slice(0, 10))?.[0] ?? last;
    chart.timeScale().setVisibleRange({ from: start, to: last });
  };
  for (const button of buttons) button.addEventListener('click', () => choose(button));
  const whole = buttons.at(-1);
  if (whole !== undefined) choose(whole);
  const place = document.getElementById('candles');
  if (place === null) return;
  place.tabIndex = 0;
  place.addEventListener('keydown', ({ key }) => {
    const range = chart.timeScale().getVisibleLogicalRange();
    if (range === null) return;
    const span = range.to - range.from;
    const step = { ArrowLeft: -0.1, ArrowRight: 0.1 }[key];
    const zoom = { '+': -0.1, '-': 0.1 }[key];
    if (step !== undefined)
      chart
        .timeScale()
        .setVisibleLogicalRange({ from: range.from + step * span, to: range.to + step * span });
    if (zoom !== undefined)
      chart
        .timeScale()
        .setVisibleLogicalRange({ from: range.from - zoom * span, to: range.to + zoom * span });
  });
}
