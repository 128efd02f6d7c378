package dev.arclight.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.PythonEnvironment;
import dev.arclight.testing.Snippets;
import dev.arclight.testing.Snippets.Snippet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every snippet of {@code docs/from-hyperopt.md} runs: Hyperopt's as one session of Python, ours compiled one by one.
 */
@Tag("full")
final class FromHyperoptIT {
    private static final String IMPORTS = """
            import dev.arclight.track.*;
            import dev.arclight.tune.*;
            """;
    private static final String FUNCTION = "static double climb(";

    @Test
    void everySnippetRuns(@TempDir Path folder) throws Exception {
        List<Snippet> snippets = Snippets.of("docs/from-hyperopt.md");
        assertThat(snippets)
                .extracting(Snippet::language)
                .containsOnly("python", "java")
                .hasSize(6);
        String python = snippets.stream()
                .filter(snippet -> snippet.language().equals("python"))
                .map(Snippet::text)
                .collect(Collectors.joining("\n"));
        PythonEnvironment.open("tuners")
                .run(Duration.ofMinutes(2), Files.writeString(folder.resolve("snippets.py"), python));
        List<String> java = snippets.stream()
                .filter(snippet -> snippet.language().equals("java"))
                .map(Snippet::text)
                .toList();
        String climb = java.get(java.size() - 1);
        assertThat(climb).startsWith(FUNCTION);
        for (String body : java.subList(0, java.size() - 1)) {
            // A method cannot hold a method: the objective that the page shows last is put into a class.
            String whole = "class Objectives {%n%s}%n%s"
                    .formatted(climb, body.replace("climb(trial)", "Objectives.climb(trial)"));
            Snippets.runJava(
                    folder,
                    IMPORTS,
                    whole.replace(
                            "arclight-out/tracking", folder.resolve("tracking").toString()),
                    Map.of());
        }
    }
}
