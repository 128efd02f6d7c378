package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Await;
import dev.arclight.testing.Browser;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Page;
import dev.arclight.testing.Viewport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person with a browser. */
final class ServerPageIT {
    @TempDir
    Path folder;

    /** Catches a page that hides which feature moved, or breaks on a phone. */
    @Test
    @Tag("full")
    void theFeatureThatMovedStandsFirst() throws Exception {
        StringBuilder trained = new StringBuilder("fixed acidity,pH,is_red,count,note\n");
        StringBuilder asked = new StringBuilder(trained);
        for (int i = 0; i < 400; i++) {
            trained.append("%d,%d,%b,%d,\n".formatted(i % 20, i % 30, i % 2 == 0, i % 3));
            asked.append("%d,%d,%b,%d,\n".formatted(i % 20, i % 30 + 20, i % 2 == 0, i % 3));
        }
        Path reference = Files.writeString(folder.resolve("train.csv"), trained);
        try (SampleServer server = SampleServer.of(ScoringServer.builder()
                        .model("bits", "7", SampleModels.bits(folder.resolve("bits"), 0))
                        .reference("bits", reference)
                        .start());
                Browser browser = Browser.open()) {
            assertThat(server.post("/invocations", "text/csv", asked.toString()).statusCode())
                    .isEqualTo(200);
            Await.until("the rows are counted", Duration.ofSeconds(10), () -> server.isCounted("bits", 400));
            for (Viewport viewport : List.of(Viewport.desktop(), Viewport.phone())) {
                try (Page page = browser.page(server.uri().resolve("/"), viewport)) {
                    page.await("document.querySelectorAll('.feature').length === 5");
                    assertThat(page.text(".feature span")).isEqualTo("pH");
                    assertThat(page.text(".feature b.much")).isNotEmpty();
                    page.screenshot(
                            Needs.root().resolve("serve/target/scoring-drift-%s.png".formatted(viewport.width())));
                    page.await("document.documentElement.scrollWidth <= window.innerWidth");
                    assertThat(page.errors()).isEmpty();
                }
            }
        }
    }

    @Test
    void aRequestIsTriedByForm() {
        try (ScoringServer server = ScoringServer.builder()
                        .model("bits", "7", SampleModels.bits(folder.resolve("bits"), 0))
                        .model("unnamed", SampleModels.unnamed(folder.resolve("unnamed")))
                        .decision("unnamed", new Decision(1605))
                        .start();
                Browser browser = Browser.open();
                Page page = browser.page(server.uri().resolve("/"), Viewport.desktop())) {
            page.await("document.querySelectorAll('#row input').length === 5");
            assertThat(page.text("#title")).isEqualTo("bits version 7");
            page.click("#send");
            page.await("document.querySelector('#answer').textContent.startsWith('1605')");
            page.await("document.querySelectorAll('.bar').length > 0");
            page.screenshot(Needs.root().resolve("serve/target/scoring-page.png"));
            page.evaluate("document.querySelector('#row input').value = 'sour'");
            page.click("#send");
            page.await("document.querySelector('#answer').textContent.includes('is no number')");
            page.evaluate(
                    "const m = document.querySelector('#model'); m.value = 'unnamed'; m.dispatchEvent(new Event('change'))");
            page.await("document.querySelector('#title').textContent === 'unnamed'");
            page.click("#send");
            page.await("document.querySelector('#answer').textContent.startsWith('1605, label 1')");
            // The refused row is the one failed request.
            assertThat(page.errors()).allMatch(error -> error.contains("400"));
        }
    }
}
