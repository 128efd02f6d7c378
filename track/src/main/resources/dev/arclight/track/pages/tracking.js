
/* What the tracking server's pages do beside the report's script, which comes before this. */
(() => {
  'use strict';
  const main = document.getElementById('main');

  // Times in the reader's zone
  const format = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short' });
  const zoned = part => {
    for (const time of part.querySelectorAll('time[datetime]:not([title])')) {
      time.title = time.textContent;
      time.textContent = format.format(new Date(time.dateTime));
    }
  };
  zoned(document);

  // "/" goes to the search
  addEventListener('keydown', event => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('input, select, textarea, [contenteditable]')) return;
    const search = document.querySelector('[data-key="/"]');
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // All of a page ticked at once
  const ticks = () => {
    const all = document.querySelector('input.all');
    if (all) all.hidden = false;
  };
  ticks();
  main.addEventListener('change', event => {
    if (!event.target.matches('input.all')) return;
    for (const box of document.querySelectorAll('input[name=run]')) box.checked = event.target.checked;
  });

  // Rows of a comparison that do not differ can be hidden
  for (const diff of document.querySelectorAll('.diff')) {
    if (!diff.querySelector('.same') || !diff.querySelector('.differs')) continue;
    const label = document.createElement('label'), box = document.createElement('input');
    label.className = 'check quiet';
    box.type = 'checkbox';
    label.append(box, ' only what differs');
    box.addEventListener('change', () => diff.classList.toggle('only-differing', box.checked));
    diff.before(label);
  }

  // A page of something that runs is fetched again, and what changed replaced in place
  const every = 2000;
  let paused = false;
  function button() {
    const pause = document.querySelector('button.pause');
    if (!pause) return;
    pause.hidden = false;
    pause.onclick = () => {
      paused = !paused;
      pause.setAttribute('aria-pressed', String(paused));
      pause.textContent = paused ? 'Go on' : 'Pause';
      pause.parentElement.classList.toggle('paused', paused);
      pause.parentElement.querySelector('.said').textContent = paused ? 'Running: this page waits.' : 'Running: this page follows.';
    };
  }
  button();

  /* What a reader did to a part, to be done again to the new one. */
  function kept(part) {
    const ticked = new Set([...part.querySelectorAll('input[name=run]:checked')].map(box => box.value));
    const scroll = [...part.querySelectorAll('.scroll')].map(e => [e.scrollLeft, e.scrollTop]);
    const open = [...part.querySelectorAll('details')].map(e => e.open);
    const only = part.classList.contains('only-differing');
    const place = part.contains(document.activeElement) ? [...part.querySelectorAll('a, button, input, [tabindex]')].indexOf(document.activeElement) : -1;
    return fresh => {
      for (const box of fresh.querySelectorAll('input[name=run]')) box.checked = ticked.has(box.value);
      fresh.querySelectorAll('.scroll').forEach((e, i) => scroll[i] && e.scrollTo(...scroll[i]));
      fresh.querySelectorAll('details').forEach((e, i) => (e.open = !!open[i]));
      fresh.classList.toggle('only-differing', only);
      if (place >= 0) {
        const next = [...fresh.querySelectorAll('a, button, input, [tabindex]')][place];
        if (next) next.focus({ preventScroll: true });
      }
    };
  }

  const sources = new Map(); // what the server sent for each part
  for (const part of main.querySelectorAll('[data-part]')) sources.set(part.dataset.part, null);

  function replace(text) {
    const next = new DOMParser().parseFromString(text, 'text/html').getElementById('main');
    if (!next) return false;
    let changed = false;
    for (const fresh of next.querySelectorAll('[data-part]')) {
      const name = fresh.dataset.part, html = fresh.outerHTML;
      const old = main.querySelector('[data-part="' + CSS.escape(name) + '"]');
      if (name === 'live' || name === 'files' || sources.get(name) === html) continue;
      sources.set(name, html);
      if (!old) {
        // A part that was not there, such as the first curves: put it where the server has it.
        const before = [...next.querySelectorAll('[data-part]')].slice([...next.querySelectorAll('[data-part]')].indexOf(fresh) + 1)
          .map(e => main.querySelector('[data-part="' + CSS.escape(e.dataset.part) + '"]')).find(e => e);
        const at = before && (before.closest('.pairs') || before);
        if (at) at.before(fresh); else main.append(fresh);
      } else {
        const again = kept(old);
        old.replaceWith(fresh);
        again(fresh);
      }
      zoned(fresh);
      changed = true;
    }
    ticks();
    if (changed) document.documentElement.dispatchEvent(new CustomEvent('partschange'));
    if (next.dataset.live !== 'true') {
      const live = document.querySelector('.live');
      if (live) live.remove();
    }
    document.documentElement.dataset.updates = String(Number(document.documentElement.dataset.updates || 0) + 1);
    return next.dataset.live === 'true';
  }

  async function follow() {
    let again = true;
    if (!paused && !document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
        if (answer.ok) again = replace(await answer.text());
      } catch (e) {
        // The server may be on its way back: ask again.
      }
    }
    if (again) setTimeout(follow, every);
  }
  if (main.dataset.live === 'true') setTimeout(follow, every);
})();
