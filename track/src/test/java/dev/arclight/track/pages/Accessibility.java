package dev.arclight.track.pages;

import dev.arclight.testing.Page;
import java.util.ArrayList;
import java.util.List;

/** What of WCAG 2.2 level AA a program can see on a page. */
final class Accessibility {
    private static final String LOOK = """
            (() => {
              const found = [];
              const visible = e => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !e.closest('.hidden, .skip, svg, option, datalist');
              const rgb = text => { const m = text.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
              const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
              const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255]; };
              // 1.4.3 contrast
              for (const e of document.querySelectorAll('body *')) {
                if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !visible(e) || e.disabled) continue;
                const style = getComputedStyle(e), ink = rgb(style.color), back = behind(e);
                const mixed = ink.slice(0, 3).map((v, i) => v * ink[3] + back[i] * (1 - ink[3]));
                const [a, b] = [light(mixed), light(back.slice(0, 3))].sort((x, y) => y - x);
                const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
                const ratio = (a + 0.05) / (b + 0.05);
                if (ratio < (large ? 3 : 4.5)) found.push('contrast ' + ratio.toFixed(2) + ': ' + e.outerHTML.slice(0, 90));
              }
              // 4.1.2, 1.3.1 names and structure
              const named = e => e.getAttribute('aria-label') || (e.labels && e.labels.length > 0) || e.textContent.trim() || e.title;
              for (const e of document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea, iframe, [role=region]'))
                if (!named(e)) found.push('no name: ' + e.outerHTML.slice(0, 90));
              for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) found.push('no alt: ' + e.outerHTML.slice(0, 90));
              const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
              ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => found.push('two elements with id ' + id));
              if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
              if (!document.documentElement.lang || !document.title || !document.querySelector('main')) found.push('no language, title or main part');
              let level = 1;
              for (const h of document.querySelectorAll('h1, h2, h3, h4')) { const l = Number(h.tagName[1]); if (l > level + 1) found.push('heading skips a level: ' + h.textContent); level = l; }
              for (const t of document.querySelectorAll('table')) if (!t.querySelector('th[scope]')) found.push('table without heads: ' + t.outerHTML.slice(0, 90));
              // 2.1.1 what scrolls is reached by the keyboard
              for (const e of document.querySelectorAll('.scroll, pre')) if (e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0) found.push('scrolls by mouse only: ' + e.outerHTML.slice(0, 90));
              // 2.5.8 targets of 24 pixels, those within a line of text excepted
              for (const e of document.querySelectorAll('button, select, input:not([type=hidden]):not([type=checkbox])')) {
                const r = e.getBoundingClientRect();
                if (visible(e) && !e.closest('.legend, th, p') && !e.matches('.plain') && (r.width < 24 || r.height < 24)) found.push('small target: ' + e.outerHTML.slice(0, 90));
              }
              return found;
            })()""";

    private Accessibility() {}

    /** What is wrong; empty if nothing is. */
    static List<String> problems(Page page) {
        List<String> problems = new ArrayList<>();
        page.evaluate(LOOK).forEach(problem -> problems.add(problem.asText()));
        return problems;
    }
}
