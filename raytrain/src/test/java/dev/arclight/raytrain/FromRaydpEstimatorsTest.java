package dev.arclight.raytrain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Needs;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The estimators of {@code docs/from-raydp.md}: each call is there, and the test named for it runs. */
final class FromRaydpEstimatorsTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| .* \\| (.*) \\| `(\\w+IT)\\.(\\w+)` \\|$");
    private static final Pattern CALL = Pattern.compile("\\.(\\w+)\\(");

    @Test
    void eachCallIsThereAndNamesTheTestThatExecutesIt() throws Exception {
        Set<String> methods = new TreeSet<>();
        Stream.of(RayTrainEstimator.class, RayTrainModel.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .map(Method::getName)
                .forEach(methods::add);
        Matcher rows = ROW.matcher(estimators());
        int seen = 0;
        while (rows.find()) {
            Matcher calls = CALL.matcher(rows.group(1));
            while (calls.find()) {
                assertThat(methods).as(rows.group()).contains(calls.group(1));
            }
            Class<?> named = Class.forName(getClass().getPackageName() + "." + rows.group(2));
            assertThat(named.getDeclaredMethods())
                    .as(rows.group())
                    .anyMatch(
                            method -> method.getName().equals(rows.group(3)) && method.isAnnotationPresent(Test.class));
            seen++;
        }
        assertThat(seen).isEqualTo(12);
    }

    private static String estimators() throws IOException {
        String all = Files.readString(Needs.root().resolve("docs/from-raydp.md"));
        return all.substring(all.indexOf("## Estimators"));
    }
}
