'use strict';
const $ = id => document.getElementById(id);
let model = null;

function headers(more) {
  const token = sessionStorage.getItem('token');
  return token ? {...more, Authorization: 'Bearer ' + token} : more;
}

async function get(path) {
  const response = await fetch(path, {headers: headers({})});
  if (response.status === 401) $('token-label').hidden = false;
  if (!response.ok) throw new Error((await response.json()).message);
  return response;
}

function columns() {
  const inputs = model.signature.inputs;
  if (inputs[0].type !== 'tensor') return inputs.map((input, i) => ({...input, name: input.name ?? String(i)}));
  return inputs.flatMap(tensor => Array.from({length: rowShape(tensor).reduce((a, b) => a * b, 1)},
    (_, i) => ({name: tensor.name === undefined ? String(i) : `${tensor.name}[${i}]`, type: 'float', required: true})));
}

function rowShape(tensor) {
  return tensor['tensor-spec'].shape.slice(1);
}

/** Takes the first values away and gives them as nested arrays. */
function nested(values, shape) {
  return shape.length === 0 ? values.shift() : Array.from({length: shape[0]}, () => nested(values, shape.slice(1)));
}

function field(column, example) {
  const label = document.createElement('label');
  label.append(`${column.name} (${column.type}${column.required === false ? ', optional' : ''})`);
  const input = document.createElement('input');
  input.name = column.name;
  input.inputMode = 'decimal';
  input.placeholder = 'missing';
  input.value = example === undefined || example === null ? '' : column.type === 'boolean' ? String(example !== 0) : String(example);
  label.append(input);
  return label;
}

function value(text) {
  const stripped = text.trim();
  if (stripped === '') return null;
  if (stripped === 'true' || stripped === 'false') return stripped === 'true';
  const number = Number(stripped);
  return Number.isNaN(number) ? stripped : number;
}

function body() {
  const tensors = model.signature.inputs[0].type === 'tensor';
  const named = model.signature.inputs[0].name !== undefined;
  const values = [...$('row').elements].filter(e => e.name).map(e => value(e.value));
  const names = columns().map(column => column.name);
  if (tensors) {
    const rows = model.signature.inputs.map(tensor => [tensor.name, [nested(values, rowShape(tensor))]]);
    return {inputs: named ? Object.fromEntries(rows) : rows[0][1]};
  }
  return named ? {dataframe_split: {columns: names, data: [values]}} : {inputs: [values]};
}

function path() {
  return `models/${encodeURIComponent(model.name)}/invocations`;
}

function showCurl() {
  const quoted = JSON.stringify(body()).replaceAll("'", "'\\''");
  $('curl').textContent = `curl -s ${new URL(path(), location.href)} \\\n  -H 'Content-Type: application/json' \\\n  -d '${quoted}'`;
}

async function show(name) {
  model = await (await get(`models/${encodeURIComponent(name)}`)).json();
  $('title').textContent = model.name + (model.version ? ` version ${model.version}` : '');
  $('description').textContent = model.description;
  $('row').replaceChildren(...columns().map((column, i) => field(column, model.example?.[i])));
  $('answer').textContent = '';
  showCurl();
  await drift();
}

async function score(event) {
  event.preventDefault();
  const started = performance.now();
  const response = await fetch(path(), {
    method: 'POST',
    headers: headers({'Content-Type': 'application/json'}),
    body: JSON.stringify(body()),
  });
  const millis = (performance.now() - started).toFixed(1);
  const answer = await response.json();
  $('answer').className = response.ok ? '' : 'refused';
  const label = answer.labels ? `, label ${answer.labels[0]}` : '';
  $('answer').textContent = response.ok ? `${JSON.stringify(Array.isArray(answer.predictions) ? answer.predictions[0] : answer.predictions)}${label}  (${millis} ms)` : answer.message;
  await latency();
}

function duration(seconds) {
  return seconds < 1e-3 ? `${+(seconds * 1e6).toPrecision(3)} µs` : seconds < 1 ? `${+(seconds * 1e3).toPrecision(3)} ms` : `${seconds} s`;
}

async function latency() {
  const text = await (await get('metrics')).text();
  const buckets = new Map();
  for (const line of text.split('\n')) {
    const match = /^arclight_http_request_duration_seconds_bucket\{route="[^"]*invocations",status="200",le="([^"]+)"\} (\d+)/.exec(line);
    if (match) buckets.set(match[1], (buckets.get(match[1]) ?? 0) + Number(match[2]));
  }
  const bounds = [...buckets.keys()].sort((a, b) => Number(a.replace('+Inf', 'Infinity')) - Number(b.replace('+Inf', 'Infinity')));
  let before = 0;
  const counts = bounds.map(bound => { const n = buckets.get(bound) - before; before = buckets.get(bound); return n; });
  if (before === 0) return;
  $('count').textContent = `${before} request${before === 1 ? '' : 's'} answered, from head to answer:`;
  const most = Math.max(...counts);
  const bars = [];
  counts.forEach((count, i) => {
    if (count === 0) return;
    const bar = document.createElement('div');
    bar.className = 'bar';
    const label = document.createElement('span');
    label.textContent = bounds[i] === '+Inf' ? 'more' : '≤ ' + duration(Number(bounds[i]));
    const length = document.createElement('i');
    length.style.width = `${Math.max(1, 100 * count / most)}%`;
    const number = document.createElement('span');
    number.textContent = count;
    bar.append(label, length, number);
    bars.push(bar);
  });
  $('histogram').replaceChildren(...bars);
}

function bins(feature) {
  const chart = document.createElement('div');
  chart.className = 'bins';
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', 'Shares of rows by value: trained on and asked for');
  const most = Math.max(...feature.reference, ...feature.seen);
  feature.reference.forEach((share, i) => {
    const last = i === feature.edges.length + 1;
    const from = i === 0 ? 'less' : feature.edges[i - 1];
    const range = last ? 'missing' : i === feature.edges.length ? `${from} and more` : `${from} to below ${feature.edges[i]}`;
    const pair = document.createElement('span');
    pair.title = `${range}: ${(100 * share).toFixed(1)}% trained on, ${(100 * feature.seen[i]).toFixed(1)}% asked for`;
    for (const [kind, value] of [['was', share], ['is', feature.seen[i]]]) {
      const bar = document.createElement('i');
      bar.className = kind;
      bar.style.height = `${100 * value / most}%`;
      pair.append(bar);
    }
    chart.append(pair);
  });
  return chart;
}

async function drift() {
  $('drift').hidden = !model.drift;
  if (!model.drift) return;
  const found = await (await get(`models/${encodeURIComponent(model.name)}/drift`)).json();
  const few = found.rows < found.least_rows ? `, too few for an index (${found.least_rows} are needed)` : '';
  $('drift-rows').textContent = `Population stability index of each feature: ${found.rows} rows asked for lately${few}, ${found.reference_rows} trained on. Below 0.1 nothing changed, above 0.25 much did.`;
  const features = found.features.sort((a, b) => (b.psi ?? 0) - (a.psi ?? 0));
  $('drift-features').replaceChildren(...features.map(feature => {
    const row = document.createElement('div');
    row.className = 'feature';
    const name = document.createElement('span');
    name.textContent = feature.name;
    const psi = document.createElement('b');
    psi.textContent = feature.psi === undefined ? '' : feature.psi.toFixed(3);
    psi.className = feature.psi > 0.25 ? 'much' : feature.psi > 0.1 ? 'some' : '';
    row.append(name, psi, bins(feature));
    return row;
  }));
}

async function start() {
  const list = await (await get('models')).json();
  $('model').replaceChildren(...list.models.map(name => new Option(name, name, false, name === list.default)));
  await show(list.default);
  await latency();
}

function tell(error) {
  $('answer').className = 'refused';
  $('answer').textContent = error.message;
}

$('model').addEventListener('change', () => show($('model').value).catch(tell));
$('row').addEventListener('submit', event => score(event).catch(tell));
$('row').addEventListener('input', showCurl);
$('token').addEventListener('change', () => { sessionStorage.setItem('token', $('token').value); start().catch(tell); });
start().catch(tell);
