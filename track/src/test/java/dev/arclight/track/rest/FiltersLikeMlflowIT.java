package dev.arclight.track.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.track.Dataset;
import dev.arclight.track.Experiment;
import dev.arclight.track.Metric;
import dev.arclight.track.Run;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.RunStatus;
import dev.arclight.track.RunUpdate;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** 500 generated filters and orders find the same runs in our store as in a real MLflow, in the same order. */
@Tag("full")
final class FiltersLikeMlflowIT {
    private static final int RUNS = 60;
    private static final int FILTERS = 500;
    private static final long SEED = 20_240_917;
    private static final List<String> TEXTS =
            List.of("red", "Red", "RED", "reddish", "blue", "", "a b", "50%", "x_y", "röd", "深い", "5", "it''s");
    private static final List<Double> NUMBERS = List.of(0.0, 0.5, 0.75, -1.0, 1e-9, 1e9, 5.0, 0.30000000000000004, 0.3);
    private static final List<String> METRICS = List.of("auc", "loss", "val/auc", "my metric", "never");
    private static final List<String> TEXT_KEYS = List.of("depth", "color", "max depth", "a.b", "never");

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);

    @Test
    @Timeout(280)
    void theSameRunsInTheSameOrder() throws IOException, InterruptedException {
        try (MlflowServer server = MlflowServer.start(
                        PythonEnvironment.open("mlflow-3.17"),
                        folder,
                        Map.of(),
                        "--artifacts-destination",
                        folder.resolve("artifacts").toString());
                Tracking theirs = RestTracking.open(server.uri().toString(), Map.of(), folder);
                Tracking ours = Tracking.open(folder.resolve("store").toString())) {
            Map<String, String> names = new HashMap<>();
            Experiment inTheirs = theirs.experiment("filters");
            Experiment inOurs = ours.experiment("filters");
            for (int i = 0; i < RUNS; i++) {
                fill(i, names, theirs, inTheirs, ours, inOurs);
            }
            List<String> differences = new ArrayList<>();
            int refused = 0;
            int found = 0;
            for (int i = 0; i < FILTERS; i++) {
                String filter = filter();
                List<String> order = order();
                List<String> expected = search(theirs, inTheirs, filter, order, names);
                List<String> actual = search(ours, inOurs, filter, order, names);
                refused += expected.equals(REFUSED) ? 1 : 0;
                found += !expected.isEmpty() && !expected.equals(REFUSED) ? 1 : 0;
                if (!actual.equals(expected)) {
                    differences.add("%n%s %s%n  MLflow %s%n  ours   %s".formatted(filter, order, expected, actual));
                }
            }
            assertThat(differences).isEmpty();
            // The filters are worth something: many find runs, and some are refused.
            assertThat(found).isGreaterThan(150);
            assertThat(refused).isBetween(10, 200);
        }
    }

    private static final List<String> REFUSED = List.of("refused");

    private static List<String> search(
            Tracking tracking, Experiment experiment, String filter, List<String> order, Map<String, String> names) {
        try {
            return tracking
                    .runs(RunSearch.in(experiment).withFilter(filter).withOrderBy(order.toArray(String[]::new)))
                    .items()
                    .stream()
                    .map(Run::id)
                    .map(id -> names.getOrDefault(id, id))
                    .toList();
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.BAD_INPUT) {
                return REFUSED;
            }
            throw e;
        }
    }

    /** The same run in both stores. */
    private void fill(
            int i, Map<String, String> names, Tracking theirs, Experiment inTheirs, Tracking ours, Experiment inOurs) {
        String name = "run " + i % 7 + TEXTS.get(random.nextInt(5));
        long started = 1_000_000L + 1000L * i; // apart, so that the order is the same
        List<Metric> metrics = new ArrayList<>();
        for (String key : METRICS.subList(0, 4)) {
            if (random.nextInt(3) > 0) {
                double value = random.nextInt(8) == 0 ? Double.NaN : NUMBERS.get(random.nextInt(NUMBERS.size()));
                metrics.add(Metric.of(key, value, 1000, 0));
                metrics.add(Metric.of(key, value, 2000, 1));
            }
        }
        Map<String, String> params = texts();
        Map<String, String> tags = texts();
        RunStatus status = pick(List.of(RunStatus.values()));
        Optional<Dataset> dataset = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new Dataset(
                        List.of("wine", "taxi").get(random.nextInt(2)),
                        "d" + random.nextInt(3),
                        "local",
                        "{}",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("mlflow.data.context", random.nextBoolean() ? "training" : "validation")));
        for (boolean own : new boolean[] {false, true}) {
            Tracking tracking = own ? ours : theirs;
            String id = tracking.runs()
                    .create(RunStart.in(own ? inOurs : inTheirs)
                            .named(name)
                            .by(i % 2 == 0 ? "ann" : "bob")
                            .at(started))
                    .id();
            names.put(id, "#" + i);
            tracking.runs().log(id, new RunBatch(metrics, params, tags));
            dataset.ifPresent(input -> tracking.runs().inputs(id, List.of(input), List.of()));
            tracking.runs()
                    .update(
                            id,
                            new RunUpdate(
                                    Optional.of(status),
                                    status.isTerminal() ? OptionalLong.of(started + 5000) : OptionalLong.empty(),
                                    Optional.empty()));
        }
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        for (String key : TEXT_KEYS.subList(0, 4)) {
            if (random.nextInt(3) > 0) {
                texts.put(key, pick(TEXTS));
            }
        }
        return texts;
    }

    private String filter() {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            conditions.add(condition());
        }
        return String.join(random.nextBoolean() ? " AND " : " and ", conditions);
    }

    private String condition() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 ->
                pick(List.of("metrics", "metric")) + "." + quoted(pick(METRICS)) + " "
                        + pick(List.of("=", "!=", ">", ">=", "<", "<=", ">", "<", "LIKE")) + " " + number();
            case 3, 4 ->
                pick(List.of("params", "parameter", "param")) + "." + quoted(pick(TEXT_KEYS)) + " " + textTest();
            case 5, 6 -> pick(List.of("tags", "tag")) + "." + quoted(pick(TEXT_KEYS)) + " " + textTest();
            case 7 ->
                pick(List.of("attributes.", "attr.", "")) + pick(List.of("run_name", "user_id", "status")) + " "
                        + pick(List.of("=", "!=", "LIKE", "ILIKE", ">")) + " "
                        + text(pick(List.of("run 1red", "run%", "ann", "A_N", "FINISHED", "fin%", "RUNNING")));
            case 8 ->
                pick(List.of("attributes.", "")) + pick(List.of("start_time", "end_time")) + " "
                        + pick(List.of("=", "!=", ">", ">=", "<", "<=", "LIKE")) + " "
                        + (1_000_000 + 1000 * random.nextInt(RUNS + 10));
            default ->
                pick(List.of("dataset", "datasets")) + "." + pick(List.of("name", "digest", "context")) + " "
                        + pick(List.of(
                                "= 'wine'",
                                "!= 'wine'",
                                "LIKE 'd%'",
                                "ILIKE 'WI%'",
                                "= 'training'",
                                "IN ('wine', 'd1', 'training')",
                                "> 'a'"));
        };
    }

    private String textTest() {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return pick(List.of("IS NULL", "IS NOT NULL", "is not null"));
        }
        if (kind == 1) {
            return pick(List.of("> 'a'", "= 5", "IN ('red', 'blue')", "= red"));
        }
        String operator = pick(List.of("=", "!=", "LIKE", "ILIKE", "like", "="));
        return operator + " "
                + text(
                        operator.equalsIgnoreCase("LIKE") || operator.equals("ILIKE")
                                ? pick(List.of("%e%", "r_d", "RED%", "%", "x_y", "50%", "%ö%", "red"))
                                : pick(TEXTS));
    }

    private List<String> order() {
        if (random.nextInt(3) > 0) {
            return List.of();
        }
        String direction = pick(List.of("", " ASC", " DESC", " desc"));
        return List.of(switch (random.nextInt(4)) {
                    case 0 -> "metrics." + quoted(pick(METRICS));
                    case 1 -> "params." + quoted(pick(TEXT_KEYS));
                    case 2 -> "tags." + quoted(pick(TEXT_KEYS));
                    default -> pick(List.of("attributes.run_name", "start_time", "attributes.end_time", "status"));
                }
                + direction);
    }

    private String number() {
        return random.nextInt(12) == 0 ? "'0.5'" : Double.toString(NUMBERS.get(random.nextInt(NUMBERS.size())));
    }

    private String text(String value) {
        return random.nextInt(4) == 0 ? '"' + value.replace("''", "'") + '"' : "'" + value + "'";
    }

    private String quoted(String key) {
        boolean plain = key.matches("\\w+");
        return plain && random.nextBoolean() ? key : random.nextInt(4) == 0 ? '"' + key + '"' : "`" + key + "`";
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
