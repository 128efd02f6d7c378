package dev.arclight.base.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.testing.Browser;
import dev.arclight.testing.Page;
import dev.arclight.testing.Viewport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a page withstands: hostile text, missing numbers, too many of them, none at all. */
@Tag("full")
class ReportLimitsIT {
    private static final Path FOLDER = Path.of("target/report").toAbsolutePath();
    private static final String DRAWN = "document.documentElement.dataset.charts === 'drawn'";
    private static final double NAN = Double.NaN;

    /** Each sets {@code window.ran} if it is ever taken for more than text. */
    private static final List<String> HOSTILE = List.of(
            "</script><script>window.ran = 1</script>",
            "</title></style></noscript></textarea><script>window.ran = 2</script>",
            "<img src=x onerror='window.ran = 3'>",
            "\"><svg onload=window.ran=4>",
            "' onmouseover='window.ran = 5",
            "<!--<script>",
            "]]>--!><iframe srcdoc='<script>parent.ran = 6</script>'>",
            "\u2028window.ran = 7//\u2029window.ran = 7//",
            "{b|<b>rich</b>} {a} {@[0]} ${window.ran = 8}",
            "\\u003cimg src=x onerror=window.ran=9\\u003e",
            "&lt;script&gt;window.ran = 10&lt;/script&gt; &amp;amp; &#0;",
            "__proto__",
            "javascript:window.ran=11",
            "tab\tline\nfeed\rreturn");

    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.open();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void textIsShownAsItIsAndNeverRuns() throws IOException {
        for (int round = 0; round < 3; round++) {
            Random random = new Random(round);
            Path file = FOLDER.resolve("hostile-" + round + ".html");
            List<String> cells = new ArrayList<>();
            Report report = Report.titled(nasty(random))
                    .subtitle(nasty(random))
                    .fact(nasty(random), nasty(random), nasty(random));
            Section section = report.section(nasty(random));
            section.text(Text.of(nasty(random))
                            .strong(nasty(random))
                            .code(nasty(random))
                            .link(nasty(random), "https://example.org/?" + nasty(random)))
                    .note(nasty(random))
                    .code(nasty(random));
            Table table = Table.of(Column.text(nasty(random)), Column.code(nasty(random)))
                    .caption(nasty(random))
                    .sortable();
            for (int i = 0; i < 12; i++) {
                String left = nasty(random);
                String right = nasty(random);
                cells.add(left);
                cells.add(right);
                table.row(left, right);
            }
            section.table(table);
            oneOfEachKind(random).forEach(section::chart);
            report.section(HOSTILE.get(round)).text("an anchor like the others");
            report.source(nasty(random));
            report.write(file);

            try (Page page = browser.page(file, Viewport.desktop())) {
                page.await(DRAWN);
                List<String> shown = new ArrayList<>();
                page.evaluate("[...document.querySelectorAll('section > .table td')].map(cell => cell.textContent)")
                        .forEach(cell -> shown.add(cell.asText()));
                assertThat(shown).as("cells, round %d", round).isEqualTo(cells);
                assertThat(page.evaluate("document.title").asText().strip())
                        .isEqualTo(
                                page.evaluate("document.querySelector('h1').textContent.replace(/[\\t\\n\\r ]+/g, ' ')")
                                        .asText()
                                        .strip());
                assertThat(touchEverything(page))
                        .as("charts with a tooltip")
                        .containsExactly(
                                "bar", "bar", "histogram", "box", "heat", "heat", "line", "scatter", "parallel");
                assertThat(page.evaluate("document.querySelectorAll('img, iframe, body svg:not(.canvas svg)').length")
                                .asInt())
                        .isZero();
                assertThat(page.evaluate("window.ran === undefined").asBoolean())
                        .isTrue();
                assertThat(page.errors()).isEmpty();
                assertThat(page.requests()).containsExactly(file.toUri());
                page.screenshot(FOLDER.resolve("hostile-" + round + ".png"));
            }
        }
    }

    @Test
    void thePolicyStopsEvenMarkupThatSlippedIn() throws IOException {
        Path file = FOLDER.resolve("policy.html");
        Report.titled("Policy").write(file);
        // What a defect in the escaping would look like
        Files.writeString(file, Files.readString(file).replace("</main>", """
                <script>window.ran = 1</script><img src="data:," onerror="window.ran = 2">
                <a id=bait href="javascript:window.ran = 3">bait</a><img src="http://127.0.0.1:1/leak"></main>"""));
        try (Page page = browser.page(file, Viewport.desktop())) {
            page.click("#bait");
            assertThat(page.evaluate("document.querySelector('button.theme').hidden")
                            .asBoolean())
                    .as("the page's own script ran")
                    .isFalse();
            assertThat(page.evaluate("window.ran === undefined").asBoolean()).isTrue();
            assertThat(page.errors()).anyMatch(error -> error.contains("Content Security Policy"));
        }
    }

    @Test
    void missingNumbersAndEmptyChartsBreakNothing() throws IOException {
        double[] holes = {1, NAN, 3, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -2, 0};
        double[] nothing = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};
        List<String> seven = List.of("a", "b", "c", "d", "e", "f", "g");
        FiveNumbers none = new FiveNumbers(NAN, NAN, NAN, NAN, NAN);
        Report report = Report.titled("Holes");
        Section section = report.section("Charts");
        for (double[] values : List.of(holes, nothing)) {
            for (Axis axis : List.of(Axis.of("linear"), Axis.of("log").log())) {
                section.charts(
                        Charts.bar("bar", axis, seven, values),
                        Charts.bar("lying", axis, seven, values).horizontal(),
                        Charts.line("line", axis, axis).series("s", values, values),
                        Charts.scatter("scatter", axis, axis).points("s", values, values),
                        Charts.parallel("parallel", axis, values)
                                .axis(axis, values)
                                .axis(Axis.of("words"), seven));
            }
        }
        section.charts(
                Charts.histogram("no counts", Axis.of("x"), new double[] {0, 1, 2}, new double[] {NAN, 0}),
                Charts.histogram("log", Axis.of("x").log(), new double[] {1, 10, 100, 1000}, new double[] {5, 7, 1}),
                Charts.boxPlot("boxes", Axis.of("y"), List.of("a", "b"))
                        .group("g", none, new FiveNumbers(1, 2, 3, 4, 5)),
                Charts.boxPlot("no boxes", Axis.of("y")).group("g", none),
                Charts.boxPlot("no group", Axis.of("y")),
                Charts.correlations("holes", List.of("a", "b"), new double[][] {{1, NAN}, {NAN, 1}}),
                Charts.heatMap("nothing", List.of("r"), List.of("c"), new double[][] {{NAN}}),
                Charts.heatMap("no cells", List.of(), List.of(), new double[0][]),
                Charts.bar("no bars", Axis.of("y"), List.of()),
                Charts.line("no lines", Axis.of("x"), Axis.of("y")),
                Charts.line("no points", Axis.of("x"), Axis.of("y")).series("empty", new double[0], new double[0]),
                Charts.line("one point", Axis.of("x"), Axis.of("y")).series("one", 3),
                Charts.scatter("no points", Axis.of("x"), Axis.of("y")),
                Charts.scatter("one point", Axis.of("x").log(), Axis.of("y"))
                        .points("one", new double[] {5}, new double[] {5}),
                Charts.parallel("no trials", Axis.of("auc")),
                Charts.parallel("one trial", Axis.of("auc"), 0.9)
                        .axis(Axis.of("depth").log(), 4)
                        .axis(Axis.of("booster"), List.of("gbtree")));
        report.section("Tables")
                .table(Table.ofText("nothing"))
                .table(Table.of(Column.number("n")).row(NAN).row((Object) null));
        Path file = FOLDER.resolve("holes.html");
        report.write(file);
        for (Viewport viewport : List.of(Viewport.desktop(), Viewport.phone().inDark())) {
            try (Page page = browser.page(file, viewport)) {
                page.await(DRAWN);
                touchEverything(page);
                assertThat(page.errors()).isEmpty();
                assertThat(page.evaluate(
                                        "[document.querySelectorAll('.plot svg').length, document.querySelectorAll('.plot .quiet').length]")
                                .toString())
                        .isEqualTo("[17,19]");
                assertThat(page.evaluate(
                                        "[...document.querySelectorAll('.plot svg *')].filter(e => /NaN|Infinity/.test(e.outerHTML)).length")
                                .asInt())
                        .isZero();
                page.screenshot(FOLDER.resolve("holes-" + viewport.width() + ".png"));
            }
        }
    }

    @Test
    void manyPointsStayUsable() throws IOException {
        Random random = new Random(3);
        double[] x = random.doubles(20_000).toArray();
        double[] y = random.doubles(20_000).toArray();
        LineChart history = Charts.line("100 trials of 1,000 rounds", Axis.of("round"), Axis.of("loss"));
        for (int trial = 0; trial < 100; trial++) {
            double speed = 0.002 + 0.02 * random.nextDouble();
            history.series(
                    "trial " + trial,
                    IntStream.range(0, 1000)
                            .mapToDouble(i -> Math.exp(-speed * i))
                            .toArray());
        }
        double[] auc = random.doubles(1500).toArray();
        Report report = Report.titled("Many");
        report.section("Points")
                .chart(Charts.scatter("20,000 points", Axis.of("x"), Axis.of("y"))
                        .points("p", x, y))
                .chart(history)
                .chart(Charts.parallel("1,500 trials", Axis.of("auc"), auc)
                        .axis(Axis.of("a"), random.doubles(1500).toArray())
                        .axis(Axis.of("b").log(), random.doubles(1500).toArray()))
                .chart(Charts.line("100,000 points", Axis.of("t"), Axis.of("v"))
                        .series(
                                "walk",
                                Arrays.stream(random.ints(100_000, -1, 2).toArray())
                                        .mapToDouble(i -> i)
                                        .toArray()));
        Path file = FOLDER.resolve("many.html");
        report.write(file);
        assertThat(Files.size(file)).isLessThan(3_500_000);
        try (Page page = browser.page(file, Viewport.desktop())) {
            page.await(DRAWN, Duration.ofSeconds(30));
            assertThat(page.evaluate(
                                    "!!document.querySelector('#chart-1 canvas') && !document.querySelector('#chart-1 svg')")
                            .asBoolean())
                    .as("20,000 points are a picture, not 20,000 elements")
                    .isTrue();
            assertThat(page.evaluate("document.querySelectorAll('*').length").asInt())
                    .isLessThan(30_000);
            // Colours change in one go: the slowest thing a reader can ask for
            double millis = page.evaluate("""
                    (() => { const t = performance.now(); document.querySelector('button.theme').click(); return performance.now() - t; })()""").asDouble();
            assertThat(millis).isLessThan(10_000);
            page.screenshot(FOLDER.resolve("many.png"));
            assertThat(page.errors()).isEmpty();
        }
    }

    /**
     * Points at marks of each chart, opens all numbers, sorts all tables, switches series off and colours over.
     *
     * @return the kinds of those charts that showed a tooltip
     */
    private static List<String> touchEverything(Page page) {
        int charts = page.count("figure.chart");
        List<String> tips = new ArrayList<>();
        for (int i = 1; i <= charts; i++) {
            JsonNode points = page.evaluate("""
                    (() => {
                      const plot = document.querySelector('#chart-%d .canvas');
                      if (!plot) return [];
                      plot.scrollIntoView({block: 'center', behavior: 'instant'});
                      const parallel = JSON.parse(plot.closest('figure').querySelector('script').textContent).kind === 'parallel';
                      const marks = [...plot.querySelectorAll('svg path')]
                        .filter(p => p.getAttribute('fill') !== 'transparent' || p.hasAttribute('stroke'))
                        .filter(p => !p.closest('defs') && p.getTotalLength() > 0)
                        .filter(p => !parallel || p.getAttribute('stroke').startsWith('rgb(')).slice(-3);
                      return marks.map(mark => {
                        const box = mark.getBoundingClientRect();
                        const line = mark.getAttribute('fill') === 'transparent';
                        const at = line ? mark.getPointAtLength(mark.getTotalLength() / 10).matrixTransform(mark.getScreenCTM()) : null;
                        return at ? [at.x, at.y] : [box.left + box.width / 2, box.top + box.height / 2];
                      });
                    })()""".formatted(i));
            points.forEach(
                    point -> page.point(point.get(0).asDouble(), point.get(1).asDouble()));
            if (page.count("#chart-%d .tip".formatted(i)) > 0) {
                tips.add(page.evaluate(
                                "JSON.parse(document.querySelector('#chart-%d script').textContent).kind".formatted(i))
                        .asText());
            }
        }
        page.evaluate("document.querySelectorAll('summary, th button, .legend button, button.theme')"
                + ".forEach(e => e.click())");
        return tips;
    }

    private static List<Chart> oneOfEachKind(Random random) {
        List<String> names = List.of(nasty(random), nasty(random), nasty(random));
        FiveNumbers box = new FiveNumbers(1, 2, 3, 4, 5);
        return List.of(
                Charts.bar(nasty(random), axis(random), names, 1, 2, 3)
                        .categoryTitle(nasty(random))
                        .caption(nasty(random)),
                Charts.bar(nasty(random), axis(random), names)
                        .series(nasty(random), 1, 2, 3)
                        .series(nasty(random), 3, 2, 1)
                        .horizontal(),
                Charts.histogram(nasty(random), axis(random), new double[] {0, 1, 2}, new double[] {3, 4})
                        .unit(nasty(random)),
                Charts.boxPlot(nasty(random), axis(random), names)
                        .group(nasty(random), box, box, box)
                        .group(nasty(random), box, box, box),
                Charts.correlations(nasty(random), names, new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}),
                Charts.heatMap(nasty(random), names, names, new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}),
                Charts.line(nasty(random), axis(random), axis(random))
                        .series(nasty(random), 1, 2, 3)
                        .series(nasty(random), 2, 1, 3),
                Charts.scatter(nasty(random), axis(random), axis(random))
                        .points(nasty(random), new double[] {1, 2, 3}, new double[] {1, 2, 3}, names),
                Charts.parallel(nasty(random), axis(random), 1, 2, 3)
                        .labels(names)
                        .axis(axis(random), names)
                        .axis(axis(random), 1, 2, 3));
    }

    private static Axis axis(Random random) {
        return Axis.of(nasty(random));
    }

    /** One to three hostile pieces with odd characters between them. */
    private static String nasty(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(HOSTILE.get(random.nextInt(HOSTILE.size())));
            text.append(List.of("ä", "☃", "😀").get(random.nextInt(3)));
            if (random.nextBoolean()) {
                text.append("😀 \"'<>&`=/\\");
            }
        }
        return text.toString();
    }
}
