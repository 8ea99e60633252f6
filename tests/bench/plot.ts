import type { Axis, Plot } from './part.js';

export type Theme = 'light' | 'dark';

/** Draws a plot as SVG: axes with units, a legend, and a mark at each measured point. */
export function drawPlot(plot: Plot, theme: Theme): string {
  const colours = themes[theme];
  const points = plot.series.flatMap((one) => one.points);
  const x = createScale(
    plot.x,
    points.map(([at]) => at),
    [left, width - right],
  );
  const y = createScale(
    plot.y,
    points.map(([, at]) => at),
    [height - bottom, top],
  );
  const bottomY = height - bottom;
  const parts = [
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    text(plot.title, { x: left, y: 26, colour: colours.ink, size: 16, bold: true }),
    ...y.ticks.flatMap((tick) => [
      line([left, y.at(tick)], [width - right, y.at(tick)], colours.grid),
      text(formatTick(tick), { x: left - 8, y: y.at(tick) + 4, colour: colours.quiet, anchor: 'end' }),
    ]),
    ...x.ticks.flatMap((tick) => [
      line([x.at(tick), bottomY], [x.at(tick), bottomY + 5], colours.quiet),
      text(formatTick(tick), { x: x.at(tick), y: bottomY + 20, colour: colours.quiet, anchor: 'middle' }),
    ]),
    line([left, bottomY], [width - right, bottomY], colours.quiet),
    text(plot.x.label, {
      x: (left + width - right) / 2,
      y: height - 10,
      colour: colours.ink,
      anchor: 'middle',
    }),
    `<g transform="rotate(-90 16 ${(top + bottomY) / 2})">${text(plot.y.label, { x: 16, y: (top + bottomY) / 2, colour: colours.ink, anchor: 'middle' })}</g>`,
    ...plot.series.flatMap(({ name, points: own }, index) => {
      const colour = colours.lines[index % colours.lines.length] ?? colours.ink;
      const places = own.map(([atX, atY]) => [x.at(atX), y.at(atY)] as const);
      const legendY = top + 8 + index * 20;
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((place) => place.map(round).join(',')).join(' ')}"/>`,
        ...places.map(([cx, cy]) => mark(index, { x: cx, y: cy, colour })),
        mark(index, { x: width - right + 18, y: legendY - 4, colour }),
        text(name, { x: width - right + 30, y: legendY, colour: colours.ink }),
      ];
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif"><title>${escapeText(plot.title)}</title>\n${parts.join('\n')}\n</svg>\n`;
}

/** Round numbers that cover the values: powers of the base on a logarithmic axis, else steps of 1, 2 or 5. */
export function ticksFor(values: readonly number[], scale: Axis['scale']): number[] {
  const usable = values.filter((value) => Number.isFinite(value) && (scale === 'linear' || value > 0));
  const max = Math.max(...usable, scale === 'log' ? -Infinity : 0);
  if (usable.length === 0) return scale === 'log' ? [1, 10] : [0, 1];
  if (scale === 'linear') {
    const step = niceStep((max || 1) / 5);
    return Array.from({ length: Math.ceil((max || 1) / step - 1e-9) + 1 }, (_, index) => index * step);
  }
  const min = Math.min(...usable);
  const base = max / min > 1000 ? 10 : 2;
  const power = (value: number, round: (value: number) => number) =>
    round(Number((Math.log(value) / Math.log(base)).toFixed(9)));
  const [first, last] = [power(min, Math.floor), power(max, Math.ceil)];
  return Array.from({ length: Math.max(last, first + 1) - first + 1 }, (_, index) => base ** (first + index));
}

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

function createScale(axis: Axis, values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const ticks = ticksFor(values, axis.scale);
  const place = (value: number) =>
    axis.scale === 'log' ? Math.log(Math.max(value, Number.MIN_VALUE)) : value;
  const [low, high] = [place(ticks[0] ?? 0), place(ticks.at(-1) ?? 1)];
  return { ticks, at: (value) => round(from + ((place(value) - low) / (high - low)) * (to - from)) };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = [1, 2, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10;
  return digit * power;
}

function formatTick(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en', { maximumSignificantDigits: 4 });
}

function line(from: readonly [number, number], to: readonly [number, number], colour: string): string {
  return `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="${colour}"/>`;
}

/** Another shape for each series: colour alone is not enough for everybody. */
function mark(
  index: number,
  { x, y, colour }: { readonly x: number; readonly y: number; readonly colour: string },
): string {
  const shapes = [
    'M-4,-4h8v8h-8z',
    'M0,-5l5,9h-10z',
    'M0,-5.5l5.5,5.5l-5.5,5.5l-5.5,-5.5z',
    'M0,5l5,-9h-10z',
  ];
  const place = `fill="${colour}" transform="translate(${round(x)} ${round(y)})"`;
  const shape = index === 0 ? undefined : shapes[(index - 1) % shapes.length];
  return shape === undefined ? `<circle r="4.5" ${place}/>` : `<path d="${shape}" ${place}/>`;
}

function text(
  words: string,
  {
    x,
    y,
    colour,
    anchor = 'start',
    size = 12,
    bold = false,
  }: {
    readonly x: number;
    readonly y: number;
    readonly colour: string;
    readonly anchor?: 'start' | 'middle' | 'end';
    readonly size?: number;
    readonly bold?: boolean;
  },
): string {
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" fill="${colour}" text-anchor="${anchor}" font-size="${size}"${weight}>${escapeText(words)}</text>`;
}

function escapeText(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const width = 760;
const height = 400;
const [top, right, bottom, left] = [48, 190, 52, 76];

/** Okabe and Ito's colours, which people with any colour vision can distinguish, with enough contrast on each paper. */
const themes = {
  light: {
    paper: '#ffffff',
    ink: '#1f2328',
    quiet: '#59636e',
    grid: '#e1e4e8',
    lines: ['#0072b2', '#d55e00', '#007a5a', '#b0447f', '#8a6d00'],
  },
  dark: {
    paper: '#0d1117',
    ink: '#f0f6fc',
    quiet: '#9198a1',
    grid: '#2a313a',
    lines: ['#56b4e9', '#e69f00', '#2fc495', '#e08fc0', '#f0e442'],
  },
} as const;
