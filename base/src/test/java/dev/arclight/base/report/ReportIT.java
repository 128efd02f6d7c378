package dev.arclight.base.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.testing.Browser;
import dev.arclight.testing.Page;
import dev.arclight.testing.Viewport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The sample report in a real browser. Screenshots are in {@code target/report} for a person to look at. */
class ReportIT {
    private static final Path FOLDER = Path.of("target/report").toAbsolutePath();
    private static final Path FILE = FOLDER.resolve("sample.html");
    private static final String DRAWN = "document.documentElement.dataset.charts === 'drawn'";

    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        SampleReport.build().write(FILE);
        browser = Browser.open();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void everyChartHasItsMarksInLightAndDarkAndOnAPhone() {
        for (Map.Entry<String, Viewport> look : Map.of(
                        "desktop", Viewport.desktop(),
                        "dark", Viewport.desktop().inDark(),
                        "phone", Viewport.phone().atScale(2))
                .entrySet()) {
            try (Page page = open(look.getValue())) {
                page.screenshot(FOLDER.resolve(look.getKey() + ".png"));
                marks(page);
                assertThat(page.errors()).as(look.getKey()).isEmpty();
                assertThat(page.requests()).as(look.getKey()).containsExactly(FILE.toUri());
            }
        }
    }

    @Test
    void nothingIsWiderThanAPhone() {
        try (Page page = open(Viewport.phone())) {
            assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
                    .isEqualTo(390);
            // What is wider than its place scrolls inside it; nothing sticks out of the window.
            assertThat(page.evaluate("""
                    [...document.querySelectorAll('body *')]
                      .filter(e => !e.closest('.scroll, pre, svg, .hidden, .skip') && e.getBoundingClientRect().right > 390.5)
                      .map(e => e.outerHTML.slice(0, 80))""")).isEmpty();
        }
    }

    @Test
    void colourFollowsTheReaderAndTheButton() {
        try (Page page = open(Viewport.desktop())) {
            assertThat(background(page)).isEqualTo("rgb(246, 247, 249)");
            String light = bar(page);
            page.resize(Viewport.desktop().inDark());
            page.await("getComputedStyle(document.body).backgroundColor === 'rgb(14, 18, 23)'");
            page.await("document.querySelector('#chart-1 path[fill=\"" + light + "\"]') === null");
            String dark = bar(page);
            assertThat(dark).isNotEqualTo(light);
            page.click("button.theme"); // from automatic to light
            assertThat(background(page)).isEqualTo("rgb(246, 247, 249)");
            assertThat(bar(page)).isEqualTo(light);
            page.click("button.theme");
            assertThat(bar(page)).isEqualTo(dark);
            page.navigate(FILE.toUri());
            page.resize(Viewport.desktop());
            page.await(DRAWN);
            assertThat(bar(page)).as("the choice is kept").isEqualTo(dark);
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void chartsTakeTheWidthThereIs() {
        try (Page page = open(Viewport.desktop())) {
            page.resize(Viewport.phone());
            page.await("[...document.querySelectorAll('figure.chart')].every(f => "
                    + "Number(f.querySelector('svg').getAttribute('width')) === f.querySelector('.plot').clientWidth)");
            marks(page);
        }
    }

    @Test
    void longTablesFoldAndSort() {
        try (Page page = open(Viewport.desktop())) {
            String shown = "[...document.querySelector('.table.folded, .table.seen').querySelectorAll('tbody tr')]"
                    + ".filter(row => row.offsetHeight > 0)";
            page.evaluate("document.querySelector('.table.folded').classList.add('seen')");
            assertThat(page.evaluate(shown + ".length").asInt()).isEqualTo(12);
            page.click(".table.seen th:nth-child(2) button"); // by validation AUC: the best first
            List<Double> values = numbers(page, shown + ".map(row => Number(row.cells[1].dataset.value))");
            assertThat(values).hasSize(12).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            page.click(".table.seen button.more");
            List<Double> all = numbers(page, shown + ".map(row => Number(row.cells[1].dataset.value ?? -1))");
            assertThat(all).hasSize(96).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(all.get(95)).as("the trial without a value is last").isEqualTo(-1);
            page.click(".table.seen th:nth-child(2) button");
            assertThat(page.evaluate("document.querySelector('.table.seen th:nth-child(2)').getAttribute('aria-sort')")
                            .asText())
                    .isEqualTo("ascending");
            assertThat(numbers(page, shown + ".map(row => Number(row.cells[1].dataset.value ?? 2))"))
                    .isSorted();
        }
    }

    @Test
    void aLegendEntryTakesItsSeriesAway() {
        try (Page page = open(Viewport.desktop())) {
            String red = "document.querySelectorAll('#chart-3 path[fill=\"' + "
                    + "getComputedStyle(document.documentElement).getPropertyValue('--s2').trim() + '\"]').length";
            assertThat(page.evaluate(red).asInt()).isEqualTo(2);
            page.click("#chart-3 .legend button:nth-child(2)");
            page.await(red + " === 0");
            page.click("#chart-3 .legend button:nth-child(2)");
            page.await(red + " === 2");
        }
    }

    @Test
    void theNumbersOfAChartAreOneClickAway() {
        try (Page page = open(Viewport.desktop())) {
            assertThat(page.evaluate("document.querySelector('#chart-1 table').checkVisibility()")
                            .asBoolean())
                    .isFalse();
            page.click("#chart-1 summary");
            assertThat(page.text("#chart-1 table")).contains("quality, as tasted", "2,836");
            // and for those who cannot see it: a name and a sentence
            assertThat(page.evaluate(
                                    "[...document.querySelectorAll('figure.chart')].filter(f => !f.querySelector('table') || "
                                            + "!f.querySelector('[role=img]').getAttribute('aria-label').includes('. ')).length")
                            .asInt())
                    .isZero();
            assertThat(page.evaluate("document.querySelector('#chart-1 [role=img]').getAttribute('aria-label')")
                            .asText())
                    .isEqualTo("Quality. Bar chart of 7 categories; largest is 6 with 2,836.");
        }
    }

    @Test
    void printsOnPaper() {
        try (Page page = open(Viewport.desktop().inDark())) {
            JsonNode pdf = page.send("Page.printToPDF", Map.of("preferCSSPageSize", true));
            assertThat(pdf.path("data").asText().length()).isGreaterThan(100_000);
            assertThat(page.evaluate("document.documentElement.dataset.theme ?? 'none'")
                            .asText())
                    .isEqualTo("none");
            marks(page);
            assertThat(page.errors()).isEmpty();
            page.resize(new Viewport(720, 1000, 1, false, false));
            page.send("Emulation.setEmulatedMedia", Map.of("media", "print"));
            page.evaluate("dispatchEvent(new Event('beforeprint'))");
            page.screenshot(FOLDER.resolve("print.png"));
        }
    }

    @Test
    void withoutScriptsTheTablesHoldTheNumbers() {
        try (Page page = browser.page(FILE, Viewport.desktop())) {
            page.send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
            page.send("Page.reload", Map.of());
            page.await("document.readyState === 'complete' && !document.documentElement.classList.contains('js')");
            page.screenshot(FOLDER.resolve("noscript.png"));
            assertThat(page.text("#chart-1 noscript")).contains("largest is 6 with 2,836", "The table below");
            assertThat(page.evaluate("[...document.querySelectorAll('tr.rest')].every(row => row.offsetHeight > 0)")
                            .asBoolean())
                    .isTrue();
            assertThat(page.evaluate("[...document.querySelectorAll('button')].every(b => b.offsetHeight === 0)")
                            .asBoolean())
                    .isTrue();
        }
    }

    /** Counts what a reader sees: elements of the drawing in the colours that only marks have. */
    private static void marks(Page page) {
        JsonNode counts = page.evaluate("""
                (() => {
                  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
                  const in_ = (figure, attribute, value) =>
                    [...figure.querySelectorAll('svg path')].filter(p => p.getAttribute(attribute) === value).length;
                  const result = {};
                  for (const figure of document.querySelectorAll('figure.chart')) {
                    const kind = JSON.parse(figure.querySelector('script').textContent).kind;
                    const title = figure.querySelector('.title').textContent.trim();
                    result[title] = {
                      bar: () => [in_(figure, 'fill', colour('s1')), in_(figure, 'fill', colour('s2'))],
                      histogram: () => [in_(figure, 'fill', colour('s1'))],
                      box: () => [in_(figure, 'stroke', colour('s1')), in_(figure, 'stroke', colour('s2'))],
                      heat: () => [in_(figure, 'stroke', colour('surface'))],
                      line: () => [in_(figure, 'stroke', colour('s1')), in_(figure, 'stroke', colour('s2')), in_(figure, 'stroke', colour('muted'))],
                      scatter: () => [in_(figure, 'fill', colour('s1')), in_(figure, 'fill', colour('s2'))],
                      parallel: () => [[...figure.querySelectorAll('svg path[stroke^="rgb("]')].length, in_(figure, 'stroke', colour('s2'))],
                    }[kind]();
                  }
                  return result;
                })()""");
        assertThat(counts.path("Quality").toString()).isEqualTo("[7,0]");
        assertThat(counts.path("Alcohol").toString()).isEqualTo("[20]");
        assertThat(counts.path("Colour and label").toString()).isEqualTo("[2,2]");
        assertThat(counts.path("alcohol").toString()).isEqualTo("[1,1]");
        assertThat(counts.path("Standardised measurements").toString()).isEqualTo("[12,12]");
        assertThat(counts.path("Correlations").toString()).isEqualTo("[144]");
        assertThat(counts.path("Confusion at 0.5").toString()).isEqualTo("[4]");
        assertThat(counts.path("Feature importances").toString()).isEqualTo("[12,0]");
        assertThat(counts.path("ROC on the test split").toString()).isEqualTo("[1,0,1]");
        assertThat(counts.path("ROC, both versions").toString()).isEqualTo("[1,1,1]");
        assertThat(counts.path("Calibration").toString()).isEqualTo("[1,0,1]");
        assertThat(page.evaluate(
                                "[...document.querySelectorAll('figure.chart')].find(f => f.querySelector('.title').textContent.trim() === 'Calibration').querySelectorAll('svg path[fill=\"' + getComputedStyle(document.documentElement).getPropertyValue('--s1').trim() + '\"]').length")
                        .asInt())
                .as("points on the calibration line")
                .isEqualTo(10);
        assertThat(counts.path("Validation AUC, round by round").toString()).isEqualTo("[31,1,0]");
        assertThat(counts.path("Scores of both versions").toString()).isEqualTo("[300,80]");
        // One of the 96 trials has no AUC; the best one has a colour of its own.
        assertThat(counts.path("AUC against learning_rate").toString()).isEqualTo("[95,0]");
        assertThat(counts.path("Trials").toString()).isEqualTo("[94,1]");
    }

    private static Page open(Viewport viewport) {
        Page page = browser.page(FILE, viewport);
        page.await(DRAWN);
        return page;
    }

    private static String background(Page page) {
        return page.evaluate("getComputedStyle(document.body).backgroundColor").asText();
    }

    /** The colour of the bars of the first chart. */
    private static String bar(Page page) {
        return page.evaluate("[...document.querySelectorAll('#chart-1 svg path')].map(p => p.getAttribute('fill'))"
                        + ".filter(f => /^#/.test(f)).pop()")
                .asText();
    }

    private static List<Double> numbers(Page page, String expression) {
        List<Double> values = new java.util.ArrayList<>();
        page.evaluate(expression).forEach(value -> values.add(value.asDouble()));
        return values;
    }
}
