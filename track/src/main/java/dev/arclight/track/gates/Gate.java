package dev.arclight.track.gates;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Promotion;
import dev.arclight.track.RegisteredModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A condition for promotions of one registered model. Gates are kept as tags of the registered model, so every store,
 * MLflow's too, has them, and every client sees them.
 */
public sealed interface Gate {
    /**
     * The new version's metric must be better than that of the version the alias names. Passes where it names none.
     *
     * @param metric such as {@code test_auc}, of the logged model or else of the run that a version came from
     * @param minGain by how much it must be better, in the metric's unit; 0: at least as good; negative: how much worse
     *     it may be
     * @param higherIsBetter false for errors and losses
     */
    record BetterThanPresent(String metric, double minGain, boolean higherIsBetter) implements Gate {
        public BetterThanPresent {
            if (metric.isBlank() || !Double.isFinite(minGain)) {
                throw badInput("A gate on metric '%s' with a gain of %s: expected a name and a number"
                        .formatted(metric, minGain));
            }
            if (GOLDEN.equals(PREFIX + metric)) {
                throw badInput("A gate on metric '%s': that is the name of another gate; log the metric by another name"
                        .formatted(metric));
            }
        }
    }

    /** The new version's model must predict its golden rows here as it did where it was trained. */
    record GoldenRowsPass() implements Gate {}

    /** The tag that keeps this gate. */
    default String key() {
        return this instanceof BetterThanPresent better ? METRIC + better.metric() : GOLDEN;
    }

    /** What people call it: its metric, or {@code golden-rows}. No two gates of a model have the same. */
    default String name() {
        return name(key());
    }

    /** What that tag holds. */
    default String text() {
        return this instanceof BetterThanPresent better
                ? "%s by %s".formatted(better.higherIsBetter() ? "higher" : "lower", better.minGain())
                : "pass";
    }

    /** Under which key of a promotion's evidence it is told that this gate was passed. */
    default String evidence() {
        return evidence(name());
    }

    /**
     * The promotion as the history shall tell it: a move that did not go through all gates of its model says which were
     * not looked at. That is the case for moves by {@link dev.arclight.track.Registry#promote} and by MLflow's own
     * call.
     *
     * @param tags of the registered model
     */
    static Promotion marked(Promotion promotion, Map<String, String> tags) {
        String unchecked = tagged(tags).keySet().stream()
                .map(Gate::name)
                .filter(name -> !promotion.evidence().containsKey(evidence(name)))
                .collect(Collectors.joining(", "));
        return unchecked.isEmpty() ? promotion : promotion.with(UNCHECKED, unchecked);
    }

    /** The {@link #name} of the gate that the tag {@code key} keeps. */
    static String name(String key) {
        return key.startsWith(METRIC) ? key.substring(METRIC.length()) : key.substring(PREFIX.length());
    }

    private static String evidence(String name) {
        return "gate " + name;
    }

    /** Those of a registered model's tags that keep its gates, whether or not they can be read, by key. */
    static SortedMap<String, String> tagged(Map<String, String> tags) {
        SortedMap<String, String> gates = new TreeMap<>(tags);
        gates.keySet().removeIf(key -> !key.startsWith(PREFIX));
        return gates;
    }

    /** The gates of a registered model, in a fixed order. */
    static List<Gate> of(RegisteredModel model) {
        return tagged(model.tags()).entrySet().stream()
                .map(tag -> parse(model.name(), tag.getKey(), tag.getValue()))
                .toList();
    }

    private static Gate parse(String model, String key, String text) {
        if (key.equals(GOLDEN)) {
            return new GoldenRowsPass();
        }
        Matcher matcher = TEXT.matcher(text);
        try {
            if (key.startsWith(METRIC) && matcher.matches()) {
                return new BetterThanPresent(
                        name(key),
                        Double.parseDouble(Optional.ofNullable(matcher.group(2)).orElse("")),
                        "higher".equals(matcher.group(1)));
            }
        } catch (NumberFormatException e) {
            throw unreadable(model, key, text, e);
        }
        throw unreadable(model, key, text, null);
    }

    private static ArclightException unreadable(
            String model, String key, String text, @org.jspecify.annotations.Nullable Exception cause) {
        // A gate that cannot be read must not let anything through.
        return new ArclightException(
                ErrorCode.BAD_STATE,
                "The tag %s of model '%s' is '%s': expected a gate such as 'higher by 0.01'; set it anew or delete it"
                        .formatted(key, model, text),
                cause);
    }

    /** Begins the key of each tag that keeps a gate. */
    String PREFIX = "arclight.gate.";

    /** Begins the tag of each {@link BetterThanPresent}. */
    String METRIC = PREFIX + "metric.";

    /** The key of the evidence that names gates which nobody looked at. */
    String UNCHECKED = "gates not checked";

    /** The tag of {@link GoldenRowsPass}. */
    String GOLDEN = PREFIX + "golden-rows";

    /** What a tag of {@link BetterThanPresent} looks like. */
    Pattern TEXT = Pattern.compile("(higher|lower) by (\\S+)");
}
