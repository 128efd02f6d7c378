package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Browser;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Page;
import dev.arclight.testing.Viewport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person with a browser. */
final class ServerPageIT {
    @TempDir
    Path folder;

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
