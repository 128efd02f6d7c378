package dev.arclight.track.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Browser;
import dev.arclight.testing.Page;
import dev.arclight.testing.Viewport;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.track.gates.Gate;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each page in a real browser. Screenshots are in {@code target/pages} for a person to look at. */
@Tag("full")
final class TrackingPagesIT {
    private static final Path PICTURES = Path.of("target/pages").toAbsolutePath();
    private static final String DRAWN = "document.documentElement.dataset.charts === 'drawn'";

    @TempDir
    private static Path folder;

    private static Tracking tracking;
    private static WebServer server;
    private static SampleStore sample;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.open();
        tracking = Tracking.open(folder.toString());
        sample = new SampleStore(tracking);
        server = TrackingServer.addTo(WebServer.builder(), tracking).start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            browser.close();
            server.close();
            tracking.close();
        }
    }

    private static Page open(String path, Viewport viewport) {
        return browser.page(server.uri().resolve(path), viewport);
    }

    private static Map<String, String> addresses() {
        String experiment = Links.experiment(sample.wine.id());
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("experiments", "/");
        addresses.put("runs", experiment);
        addresses.put("groups", experiment + "?group=params.%60booster%60&metric=validation_auc");
        addresses.put("run", Links.run(sample.forest) + "?file=importances.csv");
        addresses.put("compare", Links.compare(sample.trials.subList(0, 12)));
        addresses.put("models", "/models");
        addresses.put("model", "/models/wine-quality");
        addresses.put("problem", experiment + "?filter=metrics.auc+%3E");
        return addresses;
    }

    @Test
    void everyPageFitsDesktopDarkAndPhoneWithoutAnError() {
        addresses().forEach((name, address) -> {
            try (Page page = open(address, Viewport.desktop())) {
                boolean charts = page.count("figure.chart") > 0;
                assertThat(charts).as(name).isEqualTo(List.of("run", "compare").contains(name));
                for (String look : List.of("desktop", "dark", "phone")) {
                    page.resize(
                            look.equals("phone")
                                    ? Viewport.phone().atScale(1)
                                    : look.equals("dark") ? Viewport.desktop().inDark() : Viewport.desktop());
                    if (charts) {
                        page.await(DRAWN);
                        page.await("[...document.querySelectorAll('.plot .canvas')].every(e => e.children.length > 0)");
                    }
                    page.screenshot(PICTURES.resolve(name + "-" + look + ".png"));
                    assertThat(Accessibility.problems(page))
                            .as("%s, %s", name, look)
                            .isEmpty();
                }
                assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
                        .as(name)
                        .isLessThanOrEqualTo(390);
                assertThat(page.errors()).as(name).isEmpty();
            }
        });
    }

    @Test
    void runsAreFilteredSortedAndGroupedByTheServer() {
        try (Page page = open(Links.experiment(sample.wine.id()), Viewport.desktop())) {
            page.type("#filter", "metrics.validation_auc > 0.85 and params.booster = 'dart'");
            page.press("Enter");
            awaitPage(page, "location.search.includes('filter=')");
            int filtered = page.count("tbody tr");
            assertThat(filtered).isBetween(1, 25);
            assertThat(page.text("[data-part=count]")).startsWith(filtered + " run");
            page.evaluate(
                    "[...document.querySelectorAll('.sorts a')].find(a => a.textContent === 'validation_auc').click()");
            awaitPage(page, "document.querySelector('[aria-sort=descending]')");
            List<Double> values = column(page, "validation_auc");
            assertThat(values).hasSize(filtered).isSortedAccordingTo(java.util.Comparator.reverseOrder());
            page.navigate(server.uri()
                    .resolve(Links.experiment(sample.wine.id()) + "?group=params.%60booster%60&metric=validation_auc"));
            assertThat(page.evaluate("[...document.querySelectorAll('tbody tr')]"
                                    + ".reduce((sum, row) => sum + Number(row.cells[1].textContent), 0)")
                            .asInt())
                    .isEqualTo(33);
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void aFilterThatMakesNoSenseIsExplainedInPlace() {
        try (Page page = open(Links.experiment(sample.wine.id()) + "?filter=metrics.auc+%3E", Viewport.desktop())) {
            assertThat(page.text("[role=alert]")).isNotBlank();
            assertThat(page.evaluate("document.querySelector('#filter').value").asText())
                    .isEqualTo("metrics.auc >");
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void tickedRunsAreComparedByTheKeyboardAlone() {
        try (Page page = open(Links.experiment(sample.wine.id()) + "?filter=trial", Viewport.desktop())) {
            page.evaluate("document.querySelectorAll('input[name=run]')[0].click();"
                    + "document.querySelectorAll('input[name=run]')[1].click();"
                    + "document.querySelector('button.compare').focus()");
            page.press("Enter");
            awaitPage(page, "location.pathname === '/compare'");
            page.await(DRAWN);
            assertThat(page.count(".diff tr.differs")).isPositive();
            assertThat(page.text("h1")).isEqualTo("Compare 2 runs");
            assertThat(page.errors()).isEmpty();
        }
        try (Page page = open(Links.experiment(sample.wine.id()), Viewport.desktop())) {
            page.send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", "/", "text", "/"));
            page.await("document.activeElement.id === 'filter'");
            // Everything that can be used is reached by Tab, and shows that it is.
            page.press("Tab");
            assertThat(page.evaluate("document.activeElement.matches(':focus-visible') && "
                                    + "getComputedStyle(document.activeElement).outlineStyle")
                            .asText())
                    .isEqualTo("solid");
        }
    }

    @Test
    void anOpenPageFollowsARunningSweepAndKeepsWhatWasTicked() {
        try (Page page = open(Links.experiment(sample.wine.id()), Viewport.desktop())) {
            page.evaluate("document.querySelector('input[name=run]').click()");
            String ticked = page.evaluate("document.querySelector('input[name=run]:checked').value")
                    .asText();
            String run = tracking.runs()
                    .create(RunStart.in(sample.wine).named("came later"))
                    .id();
            page.await("document.querySelector('table').innerText.includes('came later')");
            assertThat(page.evaluate(
                                    "[...document.querySelectorAll('input[name=run]:checked')].map(e => e.value).join()")
                            .asText())
                    .isEqualTo(ticked);
            tracking.runs().delete(run);
            page.await("!document.querySelector('table').innerText.includes('came later')");
            page.click("button.pause");
            assertThat(page.text(".live")).contains("waits");
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void curvesGrowWhileARunRuns() {
        try (dev.arclight.track.ActiveRun run =
                        tracking.start(RunStart.in(sample.hostileExperiment()).named("growing"));
                Page page = open(Links.run(run.id()), Viewport.desktop())) {
            assertThat(page.count("figure.chart")).isZero();
            run.metric("loss", 1, 1).metric("loss", 0.5, 2).flush();
            page.await("document.querySelectorAll('figure.chart .canvas svg').length === 1");
            run.metric("loss", 0.25, 3).flush();
            page.await("document.querySelector('figure.chart details').textContent.includes('0.25')");
            run.kill();
            page.await("!document.querySelector('.live')");
            assertThat(page.text(".facts .status")).isEqualTo("killed");
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void filesAreShownAndNothingInThemRuns() {
        String run = Links.run(sample.forest);
        try (Page page = open(run + "?file=importances.csv", Viewport.desktop())) {
            assertThat(page.text(".preview tbody tr:nth-child(2)")).isEqualTo("acidity, volatile\t0.13");
            page.navigate(server.uri().resolve(run + "?file=confusion.png"));
            page.await("document.querySelector('.preview img').naturalWidth === 320");
            page.navigate(server.uri().resolve(run + "?folder=notes&file=notes/readme.txt"));
            assertThat(page.text(".preview pre")).contains("<b>not bold</b>");
            page.navigate(server.uri().resolve(run + "?folder=notes&file=notes/drawing.svg"));
            page.await("document.querySelector('.preview img').naturalWidth === 200");
            assertThat(page.errors()).isEmpty();
            page.navigate(server.uri().resolve(run + "?folder=notes&file=notes/page.html"));
            assertThat(page.count("iframe[sandbox='']")).isOne();
            page.screenshot(PICTURES.resolve("preview-html.png"));
            assertThat(page.evaluate("window.hacked === undefined").asBoolean()).isTrue();
            assertThat(page.requests()).contains(server.uri().resolve(Links.file(sample.forest, "notes/page.html")));
        }
    }

    @Test
    void aKeptPageOpenedByItselfRunsNothingEither() {
        for (String file : List.of("notes/page.html", "notes/drawing.svg")) {
            try (Page page = open(Links.file(sample.forest, file), Viewport.desktop())) {
                assertThat(page.evaluate("window.hacked === undefined && window.origin === 'null'")
                                .asBoolean())
                        .as(file)
                        .isTrue();
                assertThat(page.evaluate("document.title").asText()).isNotEqualTo("ran");
                // The browser says that it stopped them: they were there, and did not run.
                assertThat(page.errors()).as(file).anyMatch(error -> error.contains("Blocked script execution"));
            }
        }
    }

    @Test
    void hostileNamesAreTextEverywhere() {
        String experiment = Links.experiment(sample.hostileExperiment().id());
        for (String address : List.of(
                "/",
                experiment,
                experiment + "?group=params.%60param%60&metric=metric",
                experiment + "?filter=" + Links.part(SampleStore.HOSTILE),
                Links.run(sample.hostile),
                Links.run(sample.hostile) + "?file=" + Links.part("a 'b' &amp; c.csv"),
                Links.compare(List.of(sample.hostile, sample.forest)),
                "/models/" + Links.part(SampleStore.HOSTILE.replace("/", "")),
                "/?name=" + Links.part(SampleStore.HOSTILE))) {
            try (Page page = open(address, Viewport.desktop())) {
                assertThat(page.evaluate("document.documentElement.innerText.includes('onerror=')"
                                        + " || document.querySelector('input[value*=\"onerror=\"]') !== null")
                                .asBoolean())
                        .as(address)
                        .isTrue();
                assertThat(page.evaluate("document.querySelectorAll('img[src=x]').length === 0"
                                        + " && window.hacked === undefined")
                                .asBoolean())
                        .as(address)
                        .isTrue();
                assertThat(page.errors())
                        .as(address)
                        .allMatch(error -> error.contains("/models/") && error.contains("404"));
            }
        }
    }

    @Test
    void aModelIsPromotedAndRolledBackFromItsPage() {
        try (Page page = open("/models/wine-quality", Viewport.desktop())) {
            page.evaluate("document.querySelector('#version').value = '3'");
            page.type("#why", "looked at it");
            page.click("form.promote button");
            awaitPage(page, "document.querySelector('main').innerText.includes('looked at it')");
            assertThat(tracking.registry()
                            .findByAlias("wine-quality", "champion")
                            .orElseThrow()
                            .version())
                    .isEqualTo(3);
            page.type("#why-champion", "worse in use");
            page.click("button.second");
            awaitPage(page, "document.querySelector('main').innerText.includes('worse in use')");
            assertThat(tracking.registry()
                            .findByAlias("wine-quality", "champion")
                            .orElseThrow()
                            .version())
                    .isEqualTo(2);
            assertThat(page.errors()).isEmpty();
        }
    }

    @Test
    void aPromotionThatCameTooLateChangesNothing() {
        try (Page page = open("/models/wine-quality", Viewport.desktop())) {
            tracking.registry()
                    .promote(dev.arclight.track.Promotion.of("wine-quality", "challenger", 3)
                            .because("meanwhile"));
            page.evaluate("document.querySelector('#alias').value = 'challenger'");
            page.type("#why", "too late");
            page.click("form.promote button");
            awaitPage(page, "document.querySelector('h1').innerText === 'Changed meanwhile'");
            assertThat(tracking.registry()
                            .findByAlias("wine-quality", "challenger")
                            .orElseThrow()
                            .version())
                    .isEqualTo(3);
        } finally {
            tracking.registry().removeAlias("wine-quality", "challenger", "test", "cleaning up");
        }
    }

    /** Would catch a button that moves the alias past the gates. */
    @Test
    void aVersionThatAGateStopsIsNotPromotedFromThePage() {
        Gate gate = new Gate.BetterThanPresent("validation_auc", 5, true);
        tracking.registry().setTag("wine-quality", gate.key(), gate.text());
        try (Page page = open("/models/wine-quality", Viewport.desktop())) {
            assertThat(page.text("main")).contains("validation_auc higher by 5.0");
            page.evaluate("document.querySelector('#version').value = '3'");
            page.type("#why", "it feels better");
            page.click("form.promote button");
            awaitPage(page, "document.querySelector('.problem') !== null");
            assertThat(page.text(".problem")).contains("is not promoted", "higher by 5.0");
            assertThat(tracking.registry().history("wine-quality"))
                    .noneMatch(change -> change.why().equals("it feels better"));
        } finally {
            tracking.registry().deleteTag("wine-quality", gate.key());
        }
    }

    /** Waits until the browser has gone to the page that is known by {@code sign}, and has all of it. */
    private static void awaitPage(Page page, String sign) {
        page.await("document.readyState === 'complete' && (" + sign + ")");
    }

    private static List<Double> column(Page page, String title) {
        List<Double> values = new java.util.ArrayList<>();
        page.evaluate("""
                (() => {
                  const heads = [...document.querySelectorAll('thead tr:last-child th')];
                  const at = heads.findIndex(th => th.innerText === '%s');
                  return [...document.querySelectorAll('tbody tr')].map(row => Number(row.cells[at].title));
                })()""".formatted(title)).forEach(value -> values.add(value.asDouble()));
        return values;
    }
}
