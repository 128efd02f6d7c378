/* Of three files that the page joins into one script: parts.js, kinds.js, drawings.js. Numbers, colours, axes: what all charts share. */

const root = document.documentElement;

// Numbers as people read them
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 5 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const power = v => v.toExponential(2).replace(/\.?0+e/, 'e').replace('e+', 'e').replace(/^-/, '\u2212');
const minus = text => text.replace('-', '\u2212');
function number(v) {
  if (v === null || v === undefined || !isFinite(v)) return '\u2013';
  const size = Math.abs(v);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return power(v);
  return minus(size >= 10000 ? whole.format(v) : digits.format(v));
}
function tick(v) {
  const size = Math.abs(v);
  if (size > 0 && size < 1e-3) return power(v);
  return minus(size >= 10000 ? short.format(v) : digits.format(v));
}

// Colours come from the style sheet, so that charts follow the page
function palette() {
  const style = getComputedStyle(root);
  const of = name => style.getPropertyValue('--' + name).trim();
  const names = ['surface', 'raised', 'ink', 'muted', 'line', 'grid', 'low', 'middle', 'high', 'negative', 'zero', 'positive', 'sans'];
  const p = Object.fromEntries(names.map(name => [name, of(name)]));
  p.series = [1, 2, 3, 4, 5, 6, 7, 8].map(i => of('s' + i));
  return p;
}
function mixed(colours, share) { // share 0..1 along equally spaced colours
  const place = Math.min(Math.max(share, 0), 1) * (colours.length - 1);
  const i = Math.min(Math.floor(place), colours.length - 2);
  const part = place - i;
  const rgb = hex => [1, 3, 5].map(k => parseInt(hex.slice(k, k + 2), 16));
  const a = rgb(colours[i]), b = rgb(colours[i + 1]);
  return 'rgb(' + a.map((v, k) => Math.round(v + (b[k] - v) * part)).join(',') + ')';
}
function extent(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) if (v !== null) { if (v < low) low = v; if (v > high) high = v; }
  return low <= high ? [low, high] : [0, 1];
}

// Small pieces of page
function make(tag, style, text) {
  const node = document.createElement(tag);
  if (style) node.className = style;
  if (text !== undefined) node.textContent = text;
  return node;
}
/* A tooltip: rows are [label, value, colour or undefined]. */
function tip(head, rows) {
  const node = make('div', 'tip');
  if (head) node.append(make('b', '', head));
  for (const [label, value, colour] of rows) {
    const row = make('div'), left = make('span');
    if (colour) { const dot = make('i'); dot.style.background = colour; left.append(dot); }
    left.append(label);
    row.append(left, make('span', '', value));
    node.append(row);
  }
  return node;
}

// What all charts share
function base(p) {
  return {
    animation: false,
    textStyle: { fontFamily: p.sans, color: p.ink },
    legend: { show: false },
    grid: { left: 2, right: 14, top: 8, bottom: 2, containLabel: true },
    tooltip: {
      confine: true, transitionDuration: 0, backgroundColor: p.surface, borderColor: p.line, borderWidth: 1,
      padding: [6, 10], textStyle: { color: p.ink, fontSize: 13, fontFamily: p.sans },
      extraCssText: 'box-shadow:0 4px 16px rgba(0,0,0,.14);border-radius:8px;',
    },
  };
}
// Family and line height are set on each label: without them ECharts measures another font than it draws.
const label = (p, more) => ({ color: p.muted, fontSize: 11, fontFamily: p.sans, lineHeight: 14, hideOverlap: true, ...more });
function valueAxis(p, axis, values, more) {
  const common = {
    axisLine: { show: false }, axisTick: { show: false },
    splitLine: { lineStyle: { color: p.grid } },
    axisLabel: label(p, { formatter: tick, alignMaxLabel: 'right' }),
  };
  if (!axis.log) return { type: 'value', scale: true, ...common, ...more };
  const [low, high] = extent(values.filter(v => v > 0));
  const decades = Math.log10(high / low);
  const logBase = decades < 0.9 ? 2 : decades < 2.6 ? Math.sqrt(10) : 10;
  const isTick = v => { const e = Math.log(v) / Math.log(logBase); return Math.abs(e - Math.round(e)) < 1e-6; };
  const pad = Math.pow(high / low, 0.03) || 1;
  common.axisLabel.formatter = v => (isTick(v) ? tick(Number(v.toPrecision(2))) : '');
  const around = low === high ? { min: low / 2, max: high * 2 } : { min: low / pad, max: high * pad };
  return { type: 'log', logBase, ...around, minorTick: { show: false }, ...common, ...more };
}
function categoryAxis(p, names, more) {
  return {
    type: 'category', data: names,
    axisLine: { lineStyle: { color: p.line } }, axisTick: { show: false },
    axisLabel: label(p), ...more,
  };
}
/* Names below an axis: level where they fit, else slanted, else upright where slanted ones would leave the chart. */
function namesBelow(p, names, width) {
  const longest = Math.max(...names.map(n => Math.min(n.length, 16)), 1) * 6.6 + 8;
  const band = (width - 50) / names.length;
  const tight = longest > band;
  const leaves = names.some((name, i) => Math.min(name.length * 6.6, 100) * 0.77 > 26 + band * (i + 0.5));
  const all = names.length <= 24;
  return label(p, { interval: all ? 0 : 'auto', hideOverlap: !all, overflow: 'truncate',
    ...(tight ? { rotate: leaves || band < 24 ? 90 : 40, width: 100 } : { width: Math.max(band - 6, 20) }) });
}
const across = width => Math.min(Math.max(Math.round(width / 56), 2), 8); // ticks that fit side by side
const below = (p, width) => ({
  splitNumber: across(width), splitLine: { show: false }, axisLine: { show: true, onZero: false, lineStyle: { color: p.line } },
});
const pairs = s => s.x.map((x, i) => [x, s.y[i]]);
