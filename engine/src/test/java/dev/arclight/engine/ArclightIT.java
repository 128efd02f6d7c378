package dev.arclight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArclightIT {
    @Test
    void aSessionComputesAndASecondOneIsRefusedUntilItCloses() {
        try (Arclight first = Arclight.builder("first").master("local[2]").start()) {
            assertThat(first.spark().range(1000).count()).isEqualTo(1000);
            assertThatThrownBy(
                            () -> Arclight.builder("second").master("local[2]").start())
                    .isInstanceOf(ArclightException.class)
                    .hasMessageContaining("close it first");
        }
        try (Arclight again = Arclight.builder("again")
                .master("local[1]")
                .spark("spark.sql.shuffle.partitions", "7")
                .start()) {
            assertThat(again.spark().conf().get("spark.sql.shuffle.partitions")).isEqualTo("7");
        }
    }

    @Test
    void aJvmWithoutTheFlagsIsRefusedInOneSentenceThatHoldsThem() {
        Processes.Finished finished = Processes.finish(
                Duration.ofMinutes(1),
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartsASession.class.getName()));
        assertThat(finished.output()).contains("refused: Spark needs").contains("--add-opens=java.base/sun.nio.ch");
    }

    @Test
    void theBuildGivesTestsTheSameFlags() throws Exception {
        String pom = Files.readString(Needs.root().resolve("pom.xml"));
        assertThat(pom).contains("<arclight.opens>" + String.join(" ", JvmOptions.all()) + "</arclight.opens>");
    }

    /** Run in a JVM of its own. */
    static final class StartsASession {
        public static void main(String[] arguments) {
            try (Arclight session = Arclight.builder("x").start()) {
                System.out.println("started " + session.master().text());
            } catch (ArclightException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}
