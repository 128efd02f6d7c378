/* Draws what each figure's JSON describes. Text from the data reaches the page as text nodes only. */
(() => {
  'use strict';
  const root = document.documentElement;
  const MANY_LINES = 8;     // more lines than this share one colour and have no legend
  const SVG_MARKS = 2500;   // more marks than this go to a canvas: too many for the document

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

  /* Whether there is anything to see: with nothing in them, some kinds draw NaN. */
  const seen = values => values.some(v => v !== null);
  const drawable = {
    bar: spec => seen(spec.series.flatMap(s => s.values)),
    histogram: spec => seen(spec.counts),
    box: spec => seen(spec.groups.flatMap(g => g.boxes)),
    heat: spec => seen(spec.values.flat()),
    line: spec => seen(spec.series.flatMap(s => s.y)),
    scatter: spec => seen(spec.series.flatMap(s => s.y)),
    parallel: spec => spec.axes.length > 1 && seen(spec.axes[spec.axes.length - 1].values),
  };

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

  /*
   * One function a kind: (spec, palette, {width, small}) => {option, height, legend, names, marks, scale}.
   * legend: [{name, colour, shape}]; names: titles of the axes, {x, y}.
   */
  const kinds = {
    bar(spec, p, { width }) {
      const n = spec.categories.length, many = spec.series.length;
      const all = spec.series.flatMap(s => s.values);
      const value = valueAxis(p, spec.value, all, {
        ...(spec.value.log ? { min: extent(all)[0] / 2 } : { scale: false }), splitNumber: spec.horizontal ? across(width * 0.6) : 5,
      });
      const category = categoryAxis(p, spec.categories, spec.horizontal
        ? { inverse: true, axisLabel: label(p, { color: p.ink, fontSize: 12, width: Math.max(70, Math.min(width * 0.42, 220)), overflow: 'truncate', interval: 0 }) }
        : { axisLabel: namesBelow(p, spec.categories, width) });
      return {
        option: {
          ...base(p),
          [spec.horizontal ? 'yAxis' : 'xAxis']: category,
          [spec.horizontal ? 'xAxis' : 'yAxis']: value,
          tooltip: { ...base(p).tooltip, trigger: 'axis', axisPointer: { type: 'shadow', shadowStyle: { color: p.raised, opacity: 0.6 } },
            formatter: items => tip(items[0].name, items.map(i => [i.seriesName, number(spec.series[i.seriesIndex].values[i.dataIndex]), many > 1 ? i.color : undefined])) },
          series: spec.series.map((s, i) => ({
            type: 'bar', name: s.name, barMaxWidth: 44, barCategoryGap: n === 1 ? '60%' : '28%', barGap: '8%',
            itemStyle: { color: p.series[i % 8], borderRadius: spec.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
            data: s.values.map(v => (v !== null && v < 0 ? { value: v, itemStyle: { borderRadius: spec.horizontal ? [3, 0, 0, 3] : [0, 0, 3, 3] } } : v)),
          })),
        },
        height: spec.horizontal ? Math.max(120, n * (many > 1 ? 12 + 16 * many : 26) + 40) : 240,
        legend: many > 1 ? spec.series.map((s, i) => ({ name: s.name, colour: p.series[i % 8], shape: 'box' })) : [],
        names: spec.horizontal ? { x: spec.value.title, y: spec.categoryTitle } : { x: spec.categoryTitle, y: spec.value.title },
        marks: n * many,
      };
    },

    histogram(spec, p, { width }) {
      const data = spec.counts.map((count, i) => [spec.edges[i], spec.edges[i + 1], count]);
      const ends = spec.x.log ? {} : { min: spec.edges[0], max: spec.edges[spec.edges.length - 1] };
      const x = valueAxis(p, spec.x, spec.edges, { ...ends, splitNumber: across(width), splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: p.line } } });
      x.axisLabel = { ...x.axisLabel, showMinLabel: false, showMaxLabel: false };
      return {
        option: {
          ...base(p), xAxis: x, yAxis: valueAxis(p, { log: false }, [], { scale: false, minInterval: 1 }),
          tooltip: { ...base(p).tooltip, trigger: 'item',
            formatter: i => tip(number(i.value[0]) + ' to ' + number(i.value[1]), [[spec.unit, number(i.value[2])]]) },
          series: [{
            type: 'custom', name: spec.unit, data, encode: { x: [0, 1], y: 2 }, itemStyle: { color: p.series[0] }, clip: true,
            renderItem(params, api) {
              const low = api.coord([api.value(0), api.value(2)]), high = api.coord([api.value(1), 0]);
              const gap = high[0] - low[0] > 4 ? 1 : 0;
              return { type: 'rect', shape: { x: low[0], y: low[1], width: Math.max(high[0] - low[0] - gap, 0.5), height: high[1] - low[1] },
                style: { fill: p.series[0] }, emphasis: { style: { opacity: 0.8 } } };
            },
          }],
        },
        height: 240, legend: [], names: { x: spec.x.title, y: spec.unit }, marks: data.length,
      };
    },

    box(spec, p, { width }) {
      const all = spec.groups.flatMap(g => g.boxes.flatMap(b => b || []));
      const one = spec.categories.length === 1;
      const words = ['low', 'lower quartile', 'median', 'upper quartile', 'high'];
      return {
        option: {
          ...base(p),
          grid: { ...base(p).grid, bottom: one && !spec.categories[0] ? 8 : 2 },
          xAxis: categoryAxis(p, spec.categories, one && !spec.categories[0] ? { axisLabel: { show: false } }
            : { axisLabel: namesBelow(p, spec.categories, width), splitLine: { show: !one, lineStyle: { color: p.grid } } }),
          yAxis: valueAxis(p, spec.value, all),
          tooltip: { ...base(p).tooltip, trigger: 'item',
            formatter: i => tip([i.name, i.seriesName].filter(Boolean).join(', '), words.map((w, k) => [w, number(spec.groups[i.seriesIndex].boxes[i.dataIndex][k])]).reverse()) },
          series: spec.groups.map((g, i) => ({
            type: 'boxplot', name: g.name, data: g.boxes.map(b => b || ['-', '-', '-', '-', '-']), boxWidth: one ? [10, 46] : [4, 20],
            itemStyle: { color: p.series[i % 8] + '33', borderColor: p.series[i % 8], borderWidth: 1.5 },
            emphasis: { itemStyle: { borderWidth: 2, shadowBlur: 0, shadowColor: 'transparent' } },
          })),
        },
        height: 240,
        legend: spec.groups.length > 1 ? spec.groups.map((g, i) => ({ name: g.name, colour: p.series[i % 8], shape: 'box' })) : [],
        names: { x: '', y: spec.value.title }, marks: spec.categories.length * spec.groups.length,
      };
    },

    heat(spec, p, { width }) {
      const rows = spec.rows.length, columns = spec.columns.length;
      const [low, high] = spec.diverging ? [-1, 1] : extent(spec.values.flat());
      const colours = spec.diverging ? [p.negative, p.zero, p.positive] : [p.low, p.middle, p.high];
      const labelWidth = Math.min(Math.max(...spec.rows.map(r => r.length), 1) * 7 + 4, width * 0.34);
      const cell = Math.min((width - labelWidth - 20) / columns, 56);
      const upright = Math.max(...spec.columns.map(c => c.length), 1) * 6.6 > cell;
      const below = upright ? Math.min(Math.max(...spec.columns.map(c => c.length), 1) * 6, 110) + 10 : 22;
      const data = [];
      spec.values.forEach((row, i) => row.forEach((v, j) => { if (v !== null) data.push([j, i, v]); }));
      const text = v => (spec.diverging ? minus(v.toFixed(2)).replace('0.', '.') : tick(v));
      return {
        option: {
          ...base(p), grid: { ...base(p).grid, right: 4 },
          xAxis: categoryAxis(p, spec.columns, { axisLine: { show: false }, axisLabel: label(p, { interval: 0, rotate: upright ? 90 : 0, width: upright ? 110 : cell, overflow: 'truncate', hideOverlap: false }) }),
          yAxis: categoryAxis(p, spec.rows, { inverse: true, axisLine: { show: false }, axisLabel: label(p, { interval: 0, width: labelWidth, overflow: 'truncate', hideOverlap: false }) }),
          visualMap: { show: false, min: low, max: high, calculable: false, inRange: { color: colours } },
          tooltip: { ...base(p).tooltip, trigger: 'item',
            formatter: i => tip('', [[spec.rows[i.value[1]] + ' \u00d7 ' + spec.columns[i.value[0]], spec.diverging ? minus(i.value[2].toFixed(3)) : number(i.value[2])]]) },
          series: [{
            type: 'heatmap', data, itemStyle: { borderColor: p.surface, borderWidth: 1, borderRadius: 2 },
            label: { show: cell >= 34, fontSize: 11, formatter: i => text(i.value[2]) },
            emphasis: { itemStyle: { borderColor: p.ink, borderWidth: 1.5 } },
          }],
        },
        height: Math.max(rows * Math.min(cell, 34), 120) + below + 8, legend: [], names: { x: '', y: '' }, marks: data.length,
        scale: { colours, low: number(low), high: number(high) },
      };
    },

    line(spec, p, { width }) {
      const references = spec.series.filter(s => s.reference).length;
      const many = spec.series.length - references > MANY_LINES;
      const xs = spec.series.flatMap(s => s.x), [from, to] = extent(xs);
      const ends = spec.x.log || from === to ? {} : { min: from, max: to };
      let next = 0;
      const looks = spec.series.map(s => {
        if (s.reference) return { colour: p.muted, shape: 'line dash' };
        if (!many) return { colour: p.series[next++ % 8], shape: 'line' };
        return s.highlighted ? { colour: p.series[1], shape: 'line' } : { colour: p.series[0], shape: '' };
      });
      const total = spec.series.reduce((sum, s) => sum + s.x.length, 0);
      return {
        option: {
          ...base(p),
          xAxis: valueAxis(p, spec.x, xs, { ...ends, ...below(p, width) }),
          yAxis: valueAxis(p, spec.y, spec.series.flatMap(s => s.y)),
          tooltip: { ...base(p).tooltip, trigger: 'axis', axisPointer: { type: 'line', lineStyle: { color: p.line } },
            formatter(items) {
              const seen = items.filter(i => !spec.series[i.seriesIndex].reference && i.value[1] !== null).sort((a, b) => b.value[1] - a.value[1]);
              const rows = seen.slice(0, 8).map(i => [i.seriesName, number(i.value[1]), i.color]);
              if (seen.length > 8) rows.push(['and ' + (seen.length - 8) + ' more', '']);
              return tip((spec.x.title ? spec.x.title + ' ' : '') + number(items[0].value[0]), rows);
            } },
          series: spec.series.map((s, i) => ({
            type: 'line', name: s.name, data: pairs(s), step: spec.stepped && !s.reference ? 'end' : false, color: looks[i].colour,
            symbol: 'circle', symbolSize: 5, showSymbol: !s.reference && !many && s.x.length <= 24, silent: !!s.reference,
            z: s.highlighted ? 4 : s.reference ? 2 : 3,
            lineStyle: s.reference ? { width: 1.25, type: [5, 4] } : many && !s.highlighted ? { width: 1, opacity: 0.35 } : { width: s.highlighted ? 2.5 : 2 },
            emphasis: { disabled: many },
          })),
        },
        height: 260,
        legend: spec.series.length === 1 ? [] : spec.series.map((s, i) => ({ name: s.name, ...looks[i] })).filter(l => l.shape),
        names: { x: spec.x.title, y: spec.y.title }, marks: total > 20000 ? total : spec.series.length,
      };
    },

    scatter(spec, p, { width }) {
      const total = spec.series.reduce((sum, s) => sum + s.x.length, 0);
      const shapes = ['circle', 'diamond', 'triangle', 'rect'];
      return {
        option: {
          ...base(p),
          xAxis: valueAxis(p, spec.x, spec.series.flatMap(s => s.x), below(p, width)),
          yAxis: valueAxis(p, spec.y, spec.series.flatMap(s => s.y)),
          tooltip: { ...base(p).tooltip, trigger: 'item',
            formatter(i) {
              const s = spec.series[i.seriesIndex];
              return tip(s.labels ? s.labels[i.dataIndex] : spec.series.length > 1 ? s.name : '',
                [[spec.x.title || 'x', number(i.value[0])], [spec.y.title || 'y', number(i.value[1])]]);
            } },
          series: spec.series.map((s, i) => ({
            type: 'scatter', name: s.name, data: pairs(s), symbol: shapes[i % 4], symbolSize: total > 1000 ? 4 : total > 200 ? 6 : 8,
            itemStyle: { color: p.series[i % 8], opacity: total > 1000 ? 0.35 : total > 200 ? 0.55 : 0.75 },
            large: total > 5000, emphasis: { itemStyle: { opacity: 1 } },
          })),
        },
        height: 240,
        legend: spec.series.length > 1 ? spec.series.map((s, i) => ({ name: s.name, colour: p.series[i % 8], shape: 'dot' })) : [],
        names: { x: spec.x.title, y: spec.y.title }, marks: total,
      };
    },

    parallel(spec, p, { width }) {
      const axes = spec.axes, last = axes[axes.length - 1];
      const tall = width < 560;
      const [low, high] = extent(last.values);
      const colours = spec.lowerIsBetter ? [p.high, p.middle, p.low] : [p.low, p.middle, p.high];
      const share = v => (v === null || high === low ? 0.5 : (v - low) / (high - low));
      const merit = v => (spec.lowerIsBetter ? 1 - share(v) : share(v));
      const order = last.values.map((v, i) => i).filter(i => last.values[i] !== null)
        .sort((a, b) => merit(last.values[a]) - merit(last.values[b]));
      const best = order[order.length - 1];
      const data = order.map(i => ({
        value: axes.map(a => (a.words ? a.words[i] : a.values[i] === null ? '-' : a.values[i])), name: 'trial ' + (i + 1),
        lineStyle: i === best ? { color: p.series[1], width: 2.5, opacity: 1 } : { color: mixed(colours, share(last.values[i])), width: 1.25, opacity: order.length > 300 ? 0.4 : 0.75 },
      }));
      const halo = label(p, { color: p.ink, fontWeight: 600, textBorderColor: p.surface, textBorderWidth: 3 });
      const parallelAxis = axes.map((a, dim) => {
        const look = {
          dim, name: a.title, z: 20, nameTextStyle: { color: p.ink, fontSize: 12, fontFamily: p.sans, width: tall ? width : Math.max(60, width / axes.length - 8), overflow: 'truncate',
            ...(tall ? { align: 'left', verticalAlign: 'bottom', padding: [0, 0, 6, 0], textBorderColor: p.surface, textBorderWidth: 3 } : { align: 'center' }) },
          nameLocation: tall ? 'start' : 'end', nameGap: tall ? 0 : 12,
          axisLine: { lineStyle: { color: p.muted } }, axisTick: { show: false },
        };
        if (a.words) return { ...look, type: 'category', data: [...new Set(a.words)].sort(), axisLabel: halo };
        const v = valueAxis(p, a, a.values);
        return { ...v, ...look, axisLabel: { ...v.axisLabel, ...halo, showMinLabel: false, showMaxLabel: false } };
      });
      return {
        option: {
          ...base(p), parallelAxis,
          parallel: tall ? { layout: 'vertical', left: 18, right: 18, top: 26, bottom: 26 } : { left: 40, right: 44, top: 30, bottom: 14 },
          tooltip: { ...base(p).tooltip, trigger: 'item', formatter: i => tip(i.name, axes.map((a, k) => [a.title, a.words ? i.value[k] : number(i.value[k] === '-' ? null : i.value[k])])) },
          series: [{ type: 'parallel', data, smooth: false, emphasis: { lineStyle: { width: 3, opacity: 1 } }, inactiveOpacity: 0.04 }],
        },
        height: tall ? 60 + axes.length * 56 : 340, legend: [{ name: 'best: trial ' + (best + 1), colour: p.series[1], shape: 'line', fixed: true }],
        names: { x: '', y: '' }, marks: data.length, scale: { colours, low: number(low), high: number(high), title: last.title },
      };
    },
  };

  // One chart of the page: draws itself, and again when width or colours change
  class Drawing {
    constructor(figure) {
      this.spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      this.plot = figure.querySelector('.plot');
      this.small = !figure.parentElement.classList.contains('one');
      this.canvas = make('div', 'canvas');
      this.above = make('div', 'name y');
      this.below = make('div', 'name x');
      this.keys = make('div', 'keys');
      this.plot.append(this.above, this.canvas, this.below);
      this.plot.before(this.keys);
      this.off = new Set();
      this.empty = !drawable[this.spec.kind](this.spec);
      if (this.empty) this.canvas.replaceWith(make('p', 'quiet', 'Nothing to draw.'));
    }

    draw(forced) {
      const width = forced || this.plot.clientWidth;
      if (width <= 0 || this.empty) return;
      const p = palette();
      const d = kinds[this.spec.kind](this.spec, p, { width, small: this.small });
      const height = this.small || this.spec.kind === 'bar' && this.spec.horizontal ? d.height : Math.round(d.height * (width > 700 ? 1.25 : 1));
      const tall = this.spec.kind === 'heat' ? d.height : height;
      this.above.textContent = d.names.y;
      this.below.textContent = d.names.x;
      this.canvas.style.height = tall + 'px';
      d.option.legend = { show: false, selected: Object.fromEntries([...this.off].map(name => [name, false])) };
      // A new one each time: a tooltip that was up keeps a timer on the old one, which only disposing stops.
      if (this.chart) this.chart.dispose();
      this.chart = echarts.init(this.canvas, null, { renderer: d.marks > SVG_MARKS ? 'canvas' : 'svg', width, height: tall });
      this.chart.setOption(d.option);
      this.explain(d);
      this.width = width;
    }

    /* The legend, as page elements: they wrap, and a keyboard reaches them. */
    explain(d) {
      this.keys.replaceChildren();
      const legend = make('div', 'legend');
      if (d.legend.length > 0) this.keys.append(legend);
      for (const { name, colour, shape, fixed } of d.legend) {
        const key = make(fixed ? 'span' : 'button'), swatch = make('i', shape);
        swatch.style.background = colour;
        swatch.style.borderColor = colour;
        key.append(swatch, make('span', '', name));
        if (!fixed) {
          key.type = 'button';
          key.setAttribute('aria-pressed', String(!this.off.has(name)));
          key.addEventListener('click', () => {
            if (!this.off.delete(name)) this.off.add(name);
            key.setAttribute('aria-pressed', String(!this.off.has(name)));
            this.chart.dispatchAction({ type: 'legendToggleSelect', name });
          });
        }
        legend.append(key);
      }
      if (d.scale) {
        const scale = make('div', 'scale'), bar = make('i');
        bar.style.background = 'linear-gradient(90deg,' + d.scale.colours.join(',') + ')';
        scale.append(...(d.scale.title ? [make('span', '', d.scale.title)] : []), make('span', '', d.scale.low), bar, make('span', '', d.scale.high));
        this.keys.append(scale);
      }
    }
  }

  const drawings = [...document.querySelectorAll('figure.chart')].map(figure => new Drawing(figure));
  const late = new Set();
  let timer;
  const resized = new ResizeObserver(entries => {
    for (const entry of entries) {
      const drawing = drawings.find(d => d.plot === entry.target);
      if (drawing.chart && drawing.plot.clientWidth !== drawing.width) late.add(drawing);
    }
    clearTimeout(timer);
    timer = setTimeout(() => { late.forEach(d => d.draw()); late.clear(); }, 60);
  });
  const redraw = () => drawings.forEach(d => d.chart && d.draw());
  root.addEventListener('themechange', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

  // Paper is light and narrow
  let before;
  addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    root.dataset.theme = 'light';
    drawings.forEach(d => d.draw(d.small ? 300 : 640));
  });
  addEventListener('afterprint', () => {
    if (before) root.dataset.theme = before;
    else delete root.dataset.theme;
    redraw();
  });

  // A few charts at a time, so that the page can be scrolled meanwhile
  let at = 0;
  (function some() {
    const until = performance.now() + 30;
    while (at < drawings.length && performance.now() < until) {
      drawings[at].draw();
      resized.observe(drawings[at].plot);
      at++;
    }
    if (at < drawings.length) setTimeout(some);
    else root.dataset.charts = 'drawn';
  })();
})();
