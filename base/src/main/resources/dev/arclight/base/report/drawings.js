/* Of three files that the page joins into one script: parts.js, kinds.js, drawings.js. The charts of the page. Text from the data reaches the page as text nodes only. */

const SVG_MARKS = 2500; // more marks than this go to a canvas: too many for the document

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

let drawings = [...document.querySelectorAll('figure.chart')].map(figure => new Drawing(figure));
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
function some() {
  const until = performance.now() + 30;
  let next;
  while (performance.now() < until && (next = drawings.find(d => !d.tried))) {
    next.tried = true;
    next.draw();
    resized.observe(next.plot);
  }
  if (next) setTimeout(some);
  else root.dataset.charts = 'drawn';
}
some();

// Served pages replace their parts while they are open
root.addEventListener('partschange', () => {
  for (const gone of drawings.filter(d => !d.plot.isConnected)) {
    resized.unobserve(gone.plot);
    if (gone.chart) gone.chart.dispose();
  }
  const known = new Map(drawings.map(d => [d.plot, d]));
  drawings = [...document.querySelectorAll('figure.chart')]
    .map(figure => known.get(figure.querySelector('.plot')) || new Drawing(figure));
  some();
});
