package dev.arclight.base.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path folder;

    @Test
    void theSameReportIsTheSameBytes() throws IOException {
        SampleReport.build().write(folder.resolve("a/b/one.html"));
        SampleReport.build().write(folder.resolve("two.html"));
        assertThat(folder.resolve("a/b/one.html")).hasSameBinaryContentAs(folder.resolve("two.html"));
    }

    @Test
    void aFailedWriteLeavesTheOldPage() throws IOException {
        Path file = folder.resolve("report.html");
        Report report = Report.titled("first");
        report.write(file);
        String old = Files.readString(file);
        report.section("later").table(Table.ofText("a").row(new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("a value that cannot be shown");
            }
        }));
        assertThatThrownBy(() -> report.write(file)).isInstanceOf(IllegalStateException.class);
        assertThat(file).hasContent(old);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aPageWithoutChartsIsSmall() throws IOException {
        Path file = folder.resolve("small.html");
        Report report = Report.titled("Small");
        report.section("Only").text("text").table(Table.ofText("a").row(1));
        report.write(file);
        assertThat(Files.size(file)).isLessThan(40_000);
        assertThat(Files.readString(file)).doesNotContain("echarts");
    }

    @Test
    void theLicenceOfTheChartLibraryIsInThePage() throws IOException {
        Path file = folder.resolve("licence.html");
        SampleReport.build().write(file);
        assertThat(Files.readString(file))
                .contains("Licensed to the Apache Software Foundation (ASF)")
                .contains("Charts drawn by Apache ECharts (Apache License 2.0)");
    }

    @Test
    void sectionsOfOneNameHaveAnchorsOfTheirOwn() throws IOException {
        Path file = folder.resolve("anchors.html");
        Report report = Report.titled("Anchors");
        for (String heading : List.of("Data", "data", "Data!", "☃", "main", "chart-1", "")) {
            report.section(heading).text(heading);
        }
        report.write(file);
        Matcher ids = Pattern.compile(" id=\"([^\"]*)\"").matcher(Files.readString(file));
        List<String> seen = new ArrayList<>();
        while (ids.find()) {
            seen.add(ids.group(1));
        }
        assertThat(seen)
                .doesNotHaveDuplicates()
                .contains("data", "data-2", "data-3")
                .doesNotContain("");
    }

    @Test
    void jsonInAScriptCannotLeaveItAndReadsBackUnchanged() throws IOException {
        Random random = new Random(5);
        String alphabet = "<>&'\"/!-\\\u2028\u2029scriptSCRIPT \n\t\u0000é☃";
        for (int i = 0; i < 2000; i++) {
            String text = IntStream.range(0, 12)
                    .mapToObj(j -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))))
                    .reduce("", String::concat);
            String json = Json.inScript(Json.object(text));
            assertThat(json).doesNotContainPattern("[<>&\u2028\u2029\n]");
            assertThat(new ObjectMapper().readTree(json).path("kind").asText()).isEqualTo(text);
        }
    }

    @Test
    void halfACharacterIsReplaced() {
        assertThat(Html.escaped("a\ud83db\ude00c😀\u0000\u0007")).isEqualTo("a\uFFFDb\uFFFDc😀\uFFFD\uFFFD");
    }

    @Test
    void onlyHarmlessLinksAreTaken() {
        for (String good :
                List.of("https://example.org/a:b", "mailto:a@example.org", "runs/1?x=a:b", "#a:b", "HTTP://x", "")) {
            assertThat(Text.of("see ").link("x", good).toString()).isEqualTo("see x");
        }
        for (String bad : List.of(
                "javascript:alert(1)",
                " JavaScript:x",
                "java\nscript:x",
                "\u0001javascript:x",
                "data:text/html,x",
                "vbscript:x",
                "file:///etc/passwd")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Text.of("").link("x", bad))
                    .withMessageContaining("link");
        }
    }

    @Test
    void aRowOfTheWrongLengthIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.ofText("a", "b").row(1))
                .withMessage("1 cells for 2 columns: [a, b]");
        assertThatIllegalArgumentException().isThrownBy(() -> Table.of(List.of()));
    }

    @Test
    void chartsRefuseShapesThatDoNotFit() {
        List<String> two = List.of("a", "b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Charts.bar("B", Axis.of("y"), two, 1, 2, 3))
                .withMessage("3 values for 2 categories in chart 'B'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Charts.histogram("H", Axis.of("x"), new double[] {0, 1}, new double[] {1, 2}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Charts.histogram("H", Axis.of("x"), new double[] {0, 0, 1}, new double[] {1, 2}))
                .withMessageContaining("do not ascend");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Charts.correlations("C", two, new double[][] {{1, 2}, {1}}));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Charts.line("L", Axis.of("x"), Axis.of("y")).series("s", new double[2], new double[3]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Charts.parallel("P", Axis.of("auc"), 1, 2).axis(Axis.of("depth"), 1))
                .withMessageContaining("depth");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FiveNumbers(1, 2, 1.5, 3, 4))
                .withMessageContaining("ascend");
    }

    @Test
    void whatAChartWasGivenCannotChangeIt() {
        double[] values = {1, 2};
        Chart chart = Charts.bar("B", Axis.of("y"), List.of("a", "b"), values);
        JsonNode before = chart.spec();
        values[0] = 9;
        assertThat(chart.spec()).isEqualTo(before);
    }

    @Test
    void valuesWithoutAPlaceOnALogarithmicAxisAreLeftOut() {
        Chart chart = Charts.scatter("S", Axis.of("x").log(), Axis.of("y"))
                .points("p", new double[] {-1, 0, 10, 100}, new double[] {1, 2, Double.NaN, 4});
        assertThat(chart.spec().path("series").path(0).path("x").toString()).isEqualTo("[null,null,10,100]");
        assertThat(chart.spec().path("series").path(0).path("y").toString()).isEqualTo("[null,null,null,4]");
    }

    @Test
    void aSummarySaysWhatTheEyeSees() {
        assertThat(Charts.correlations(
                                "C", List.of("a", "b", "c"), new double[][] {{1, .2, -.9}, {.2, 1, 0}, {-.9, 0, 1}})
                        .summary())
                .isEqualTo("Heat map of 3 by 3 cells; the strongest pair is c and a with −0.90.");
        assertThat(Charts.line("L", Axis.of("round"), Axis.of("AUC"))
                        .series("a", .5, .9)
                        .reference("base", new double[] {1, 2}, new double[] {0, 0})
                        .summary())
                .isEqualTo("Line chart of AUC, 1 line; AUC runs from 0.5 to 0.9.");
        assertThat(Charts.histogram("H", Axis.of("x"), new double[] {0, 1, 2}, new double[] {3, 4})
                        .unit("wines")
                        .summary())
                .isEqualTo("Histogram of 2 bins from 0 to 2; the fullest goes from 1 to 2 and holds 4 wines.");
    }
}
