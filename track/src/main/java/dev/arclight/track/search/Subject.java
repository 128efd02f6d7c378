package dev.arclight.track.search;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.track.search.Field.Kind;
import java.util.Map;
import java.util.Set;

/** What is searched, and which fields and operators MLflow allows there. */
@SuppressWarnings("ImmutableEnumChecker") // each set comes from Set.of
public enum Subject {
    RUNS(
            Set.of(Kind.METRIC, Kind.PARAM, Kind.TAG, Kind.ATTRIBUTE, Kind.DATASET),
            Set.of("run_id", "run_name", "user_id", "status", "artifact_uri"),
            Set.of("start_time", "end_time"),
            Set.of("run_id"),
            Set.of("run_id", "run_name", "user_id", "status", "artifact_uri", "start_time", "end_time")),
    EXPERIMENTS(
            Set.of(Kind.TAG, Kind.ATTRIBUTE),
            Set.of("name", "experiment_id"),
            Set.of("creation_time", "last_update_time"),
            Set.of("experiment_id"),
            Set.of("name", "experiment_id", "creation_time", "last_update_time")),
    REGISTERED_MODELS(
            Set.of(Kind.TAG, Kind.ATTRIBUTE),
            Set.of("name"),
            Set.of(),
            Set.of("name"),
            Set.of("name", "creation_timestamp", "last_updated_timestamp")),
    MODEL_VERSIONS(
            Set.of(Kind.TAG, Kind.ATTRIBUTE),
            Set.of("name", "run_id", "source_path"),
            Set.of("version_number"),
            Set.of("name", "run_id"),
            Set.of("name", "version_number", "creation_timestamp", "last_updated_timestamp")),
    LOGGED_MODELS(
            Set.of(Kind.METRIC, Kind.PARAM, Kind.TAG, Kind.ATTRIBUTE),
            Set.of("name", "model_id", "model_type", "status", "source_run_id"),
            Set.of("creation_timestamp", "last_updated_timestamp"),
            Set.of("name", "model_id", "model_type", "status", "source_run_id"),
            Set.of(
                    "name",
                    "model_id",
                    "model_type",
                    "status",
                    "source_run_id",
                    "creation_timestamp",
                    "last_updated_timestamp"));

    private static final Map<String, Kind> PREFIXES = Map.ofEntries(
            Map.entry("metric", Kind.METRIC),
            Map.entry("metrics", Kind.METRIC),
            Map.entry("parameter", Kind.PARAM),
            Map.entry("parameters", Kind.PARAM),
            Map.entry("param", Kind.PARAM),
            Map.entry("params", Kind.PARAM),
            Map.entry("tag", Kind.TAG),
            Map.entry("tags", Kind.TAG),
            Map.entry("attribute", Kind.ATTRIBUTE),
            Map.entry("attributes", Kind.ATTRIBUTE),
            Map.entry("attr", Kind.ATTRIBUTE),
            Map.entry("run", Kind.ATTRIBUTE),
            Map.entry("dataset", Kind.DATASET),
            Map.entry("datasets", Kind.DATASET));
    private static final Set<String> DATASET_KEYS = Set.of("name", "digest", "context");

    private final Set<Kind> kinds;
    private final Set<String> texts;
    private final Set<String> numbers;
    private final Set<String> listed;
    private final Set<String> orderable;

    Subject(Set<Kind> kinds, Set<String> texts, Set<String> numbers, Set<String> listed, Set<String> orderable) {
        this.kinds = kinds;
        this.texts = texts;
        this.numbers = numbers;
        this.listed = listed;
        this.orderable = orderable;
    }

    /** The field that {@code prefix.key} names; {@code prefix} is empty for a bare attribute. */
    Field field(String prefix, String key, boolean forOrder) {
        Kind kind = prefix.isEmpty() ? Kind.ATTRIBUTE : PREFIXES.get(prefix);
        if (kind == null || !kinds.contains(kind)) {
            throw badInput("Invalid entity type '%s': expected one of metric, parameter, tag, attribute or dataset%s"
                    .formatted(prefix, this == RUNS ? "" : ", as far as this search has them"));
        }
        if (kind == Kind.DATASET && !DATASET_KEYS.contains(key)) {
            throw badInput("Invalid dataset key '%s' specified. Valid keys are %s".formatted(key, DATASET_KEYS));
        }
        if (kind != Kind.ATTRIBUTE) {
            return new Field(kind, key);
        }
        String name = canonical(key);
        boolean known = forOrder ? orderable.contains(name) : texts.contains(name) || numbers.contains(name);
        if (!known) {
            throw badInput("Invalid attribute key '%s' specified. Valid keys are %s and %s"
                    .formatted(key, forOrder ? orderable : texts, forOrder ? Set.of() : numbers));
        }
        return new Field(kind, name);
    }

    /** Whether a field is compared as a number. */
    boolean isNumber(Field field) {
        return field.kind() == Kind.METRIC || (field.kind() == Kind.ATTRIBUTE && numbers.contains(field.key()));
    }

    void check(Field field, Operator operator) {
        boolean allowed = switch (field.kind()) {
            case METRIC -> operator.isOrder();
            case PARAM, TAG ->
                isTextOperator(operator)
                        || (operator.isNullTest()
                                && (this == RUNS || (this == EXPERIMENTS && field.kind() == Kind.TAG)));
            case DATASET -> isTextOperator(operator) || operator.takesList();
            case ATTRIBUTE ->
                numbers.contains(field.key()) ? operator.isOrder() : isTextOperator(operator) || operator.takesList();
        };
        if (!allowed) {
            throw badInput("Invalid comparator '%s' for %s '%s'"
                    .formatted(operator.text(), field.kind().name().toLowerCase(java.util.Locale.ROOT), field.key()));
        }
        if (operator.takesList() && field.kind() == Kind.ATTRIBUTE && !listed.contains(field.key())) {
            throw badInput("Only %s attributes support comparison with a list of quoted string values, not '%s'"
                    .formatted(listed, field.key()));
        }
    }

    private static boolean isTextOperator(Operator operator) {
        return operator == Operator.EQUAL
                || operator == Operator.NOT_EQUAL
                || operator == Operator.LIKE
                || operator == Operator.ILIKE;
    }

    private String canonical(String key) {
        return switch (this) {
            case RUNS ->
                switch (key) {
                    case "created", "Created" -> "start_time";
                    case "run name", "Run name", "Run Name" -> "run_name";
                    default -> key;
                };
            case REGISTERED_MODELS -> key.equals("timestamp") ? "last_updated_timestamp" : key;
            case LOGGED_MODELS ->
                switch (key) {
                    case "creation_time" -> "creation_timestamp";
                    case "last_updated_time" -> "last_updated_timestamp";
                    default -> key;
                };
            default -> key;
        };
    }
}
