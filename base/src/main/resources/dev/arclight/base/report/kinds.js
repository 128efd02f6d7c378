/* Of three files that the page joins into one script: parts.js, kinds.js, drawings.js. Each kind of chart. */

const MANY_LINES = 8; // more lines than this share one colour and have no legend

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
