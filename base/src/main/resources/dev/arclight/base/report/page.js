/* Behaviour of the page around the charts: theme button, copying, folding, sorting, the current place in the contents. */
(() => {
  'use strict';
  const root = document.documentElement;

  // Theme: automatic, light, dark, automatic, ...
  const button = document.querySelector('button.theme');
  const names = { auto: 'automatic', light: 'light', dark: 'dark' };
  const current = () => root.dataset.theme || 'auto';
  const label = () => {
    button.setAttribute('aria-label', 'Colours: ' + names[current()]);
    button.title = 'Colours: ' + names[current()];
    button.dataset.is = current();
  };
  button.hidden = false;
  label();
  button.addEventListener('click', () => {
    const next = { auto: 'light', light: 'dark', dark: 'auto' }[current()];
    if (next === 'auto') delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem('arclight-report-theme', next);
    } catch (e) {
      // Refused to files by some browsers: the choice then lasts as long as the page.
    }
    label();
    root.dispatchEvent(new CustomEvent('themechange'));
  });

  // Code that can be copied
  for (const copy of document.querySelectorAll('button.copy')) {
    copy.hidden = false;
    copy.addEventListener('click', async () => {
      const code = copy.parentElement.querySelector('code');
      try {
        await navigator.clipboard.writeText(code.textContent);
        copy.textContent = 'Copied';
      } catch (e) {
        getSelection().selectAllChildren(code);
        copy.textContent = 'Selected';
      }
      setTimeout(() => (copy.textContent = 'Copy'), 1500);
    });
  }

  // Long tables
  for (const more of document.querySelectorAll('button.more')) {
    const table = more.closest('.table');
    const all = more.textContent;
    more.hidden = false;
    more.addEventListener('click', () => {
      const folded = table.classList.toggle('folded');
      more.setAttribute('aria-expanded', String(!folded));
      more.textContent = folded ? all : 'Show fewer rows';
      if (folded) table.scrollIntoView({ block: 'nearest' });
    });
  }

  // Sorting: numbers by value, words by the alphabet, dashes last
  for (const table of document.querySelectorAll('table.sortable')) {
    const body = table.tBodies[0];
    const first = [...body.rows].filter(row => !row.classList.contains('rest')).length;
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      if (!cell.textContent.trim()) return; // a button without a name is of no use to those who hear the page
      const press = document.createElement('button');
      press.type = 'button';
      press.append(...cell.childNodes);
      cell.append(press);
      press.addEventListener('click', () => {
        const numeric = cell.classList.contains('n');
        const was = cell.getAttribute('aria-sort');
        const down = was ? was === 'ascending' : numeric;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
        cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const rows = [...body.rows].map((row, place) => {
          const data = row.cells[column].dataset.value;
          const key = numeric ? (data === undefined ? null : Number(data)) : row.cells[column].textContent;
          return { row, place, key };
        });
        rows.sort((a, b) => {
          if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
          const order = numeric ? a.key - b.key : a.key.localeCompare(b.key, 'en', { numeric: true });
          return (down ? -order : order) || a.place - b.place;
        });
        rows.forEach(({ row }, place) => {
          row.classList.toggle('rest', place >= first);
          body.append(row);
        });
      });
    });
  }

  // Where the reader is
  const links = new Map([...document.querySelectorAll('nav.contents a')].map(a => [a.hash.slice(1), a]));
  if (links.size > 0) {
    const sections = [...links.keys()].map(id => document.getElementById(id));
    const mark = () => {
      let here = sections[0];
      for (const section of sections) if (section.getBoundingClientRect().top < innerHeight * 0.3) here = section;
      if (innerHeight + scrollY >= root.scrollHeight - 2 && scrollY > 0) here = sections[sections.length - 1];
      for (const [id, link] of links) {
        if (id === here.id) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    };
    let waiting = false;
    addEventListener('scroll', () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; mark(); });
    }, { passive: true });
    mark();
  }
})();
