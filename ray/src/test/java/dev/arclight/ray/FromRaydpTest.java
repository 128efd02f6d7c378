package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Needs;
import dev.arclight.testing.Snippets;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code docs/from-raydp.md} says what is true. */
final class FromRaydpTest {
    private static final String PAGE = "docs/from-raydp.md";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`=]+)=([^`]+)` \\| `([^`=]+)=([^`]+)` \\|");
    private static final Pattern CALL = Pattern.compile("(?m)^\\| .* \\| .* \\| `(\\w+IT)\\.(\\w+)` \\|$");
    private static final String GROUP = RaySettings.PREFIX + "placement-group";
    private static final String BUNDLES = RaySettings.PREFIX + "placement-bundles";

    @Test
    void bothColumnsOfTheSettingsMeanTheSame() throws IOException {
        Matcher rows = ROW.matcher(page());
        int seen = 0;
        while (rows.find()) {
            Map<String, String> theirs = new HashMap<>(Map.of(rows.group(1), rows.group(2)));
            Map<String, String> ours = new HashMap<>(Map.of(rows.group(3), rows.group(4)));
            if (ours.containsKey(BUNDLES)) {
                theirs.put(GROUP, "g");
                ours.put(GROUP, "g");
            }
            RaySettings read = RaySettings.of(theirs);
            RaySettings expected = RaySettings.of(ours);
            assertThat(without(read)).as(rows.group()).isEqualTo(expected);
            assertThat(ExecutorShape.of(theirs).demand(read))
                    .as(rows.group())
                    .isEqualTo(ExecutorShape.of(ours).demand(expected));
            if (rows.group(3).startsWith(RaySettings.PREFIX)) {
                assertThat(expected).as(rows.group()).isNotEqualTo(RaySettings.of(Map.of()));
                assertThat(read.deprecated()).containsEntry(rows.group(1), rows.group(3));
            }
            seen++;
        }
        assertThat(seen).isEqualTo(8);
    }

    @Test
    void eachCallNamesTheTestThatExecutesIt() throws Exception {
        Matcher rows = CALL.matcher(page());
        int seen = 0;
        while (rows.find()) {
            Class<?> named = Class.forName(getClass().getPackageName() + "." + rows.group(1));
            Method test = Stream.of(named.getDeclaredMethods())
                    .filter(method -> method.getName().equals(rows.group(2)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(rows.group()));
            assertThat(test.isAnnotationPresent(Test.class)).as(rows.group()).isTrue();
            assertThat(Stream.concat(tags(named), tags(test))).as(rows.group()).doesNotContain("unproven");
            seen++;
        }
        assertThat(seen).isEqualTo(11);
    }

    /** The Java program of the page. */
    static String program() throws IOException {
        return Snippets.of(PAGE, "java").get(0);
    }

    private static Stream<String> tags(AnnotatedElement element) {
        return Stream.of(element.getAnnotationsByType(Tag.class)).map(Tag::value);
    }

    /** All but the estimators, which the room raytrain looks after. */
    private static String page() throws IOException {
        String all = Files.readString(Needs.root().resolve(PAGE));
        return all.substring(0, all.indexOf("## Estimators"));
    }

    private static RaySettings without(RaySettings all) {
        return new RaySettings(
                all.executorCpus(),
                all.reserveMemory(),
                all.resources(),
                all.strategy(),
                all.group(),
                all.bundles(),
                all.nodes(),
                all.neverFits(),
                all.headTimeout(),
                all.javaOptions(),
                all.classPath(),
                all.jar(),
                all.tokenFile(),
                Map.of());
    }
}
