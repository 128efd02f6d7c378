package dev.arclight.track;

import static dev.arclight.base.ArclightException.badInput;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * MLflow's limits on names, sizes and counts, so that what one store takes, every store takes. Lengths are counted in
 * code points, as Python counts them.
 */
public final class Limits {
    public static final int METRICS_PER_BATCH = 1000;
    public static final int PARAMS_PER_BATCH = 100;
    public static final int TAGS_PER_BATCH = 100;
    public static final int ENTITIES_PER_BATCH = 1000;
    public static final int KEY_LENGTH = 250;
    public static final int PARAM_VALUE_LENGTH = 6000;
    public static final int TAG_VALUE_LENGTH = 8000;
    public static final int EXPERIMENT_TAG_VALUE_LENGTH = 20_000;
    public static final int MODEL_TAG_VALUE_LENGTH = 100_000;
    public static final int EXPERIMENT_NAME_LENGTH = 500;
    public static final int ALIAS_LENGTH = 255;

    private static final Pattern KEY = Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern VERSION_ALIAS = Pattern.compile("[vV]\\d+");

    private Limits() {}

    public static void checkMetric(String key, long timestampMillis) {
        checkKey("metric", key);
        if (timestampMillis < 0) {
            throw badInput("The time of metric '%s' is %d; expected milliseconds since 1970, at least 0"
                    .formatted(key, timestampMillis));
        }
    }

    public static void checkParam(String key, String value) {
        checkKey("param", key);
        checkLength("The value of param '" + key + "'", value, PARAM_VALUE_LENGTH);
    }

    public static void checkTag(String key, String value) {
        checkKey("tag", key);
        checkLength("The value of tag '" + key + "'", value, TAG_VALUE_LENGTH);
    }

    public static void checkExperimentTag(String key, String value) {
        checkKey("experiment tag", key);
        checkLength("The value of experiment tag '" + key + "'", value, EXPERIMENT_TAG_VALUE_LENGTH);
    }

    public static void checkModelTag(String key, String value) {
        checkKey("model tag", key);
        checkLength("The value of model tag '" + key + "'", value, MODEL_TAG_VALUE_LENGTH);
    }

    public static void checkExperimentName(String name) {
        if (name.isEmpty()) {
            throw badInput("Invalid experiment name: it is empty");
        }
        checkLength("The experiment name", name, EXPERIMENT_NAME_LENGTH);
    }

    public static void checkModelName(String name) {
        if (name.isBlank()) {
            throw badInput("The name of a registered model is missing");
        }
        if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
            throw badInput("Invalid model name '%s'. Names cannot contain '/' or ':'.".formatted(name));
        }
        if (name.equals(".") || name.equals("..")) {
            throw badInput("Invalid model name '%s': it would name a folder".formatted(name));
        }
        checkLength("The model name", name, 256);
    }

    public static void checkAlias(String alias) {
        if (alias.isEmpty()) {
            throw badInput("Registered model alias name cannot be empty.");
        }
        checkLength("The alias", alias, ALIAS_LENGTH);
        if (!ALIAS.matcher(alias).matches()) {
            throw badInput(
                    "Invalid alias name: '%s'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
                            .formatted(alias));
        }
        if (alias.toLowerCase(Locale.ROOT).equals("latest")
                || VERSION_ALIAS.matcher(alias).matches()) {
            throw badInput("Alias name '%s' is reserved.".formatted(alias));
        }
    }

    public static void checkDataset(String name, String digest) {
        if (name.isEmpty()) {
            throw badInput("A dataset needs a name");
        }
        checkLength("The dataset name", name, 500);
        checkLength("The digest of dataset '" + name + "'", digest, 36);
    }

    public static void checkBatch(int metrics, int params, int tags) {
        checkCount("metrics", metrics, METRICS_PER_BATCH);
        checkCount("params", params, PARAMS_PER_BATCH);
        checkCount("tags", tags, TAGS_PER_BATCH);
        checkCount("metrics, params and tags together", metrics + params + tags, ENTITIES_PER_BATCH);
    }

    public static void checkMaxResults(int maxResults, int limit) {
        if (maxResults < 1 || maxResults > limit) {
            throw badInput("max_results is %d; expected 1 to %d".formatted(maxResults, limit));
        }
    }

    static void checkKey(String kind, String key) {
        if (isPlain(key)) {
            return; // a batch has a thousand of them, and nearly all are
        }
        if (key.isEmpty()) {
            throw badInput("A %s needs a name".formatted(kind));
        }
        checkLength("The name of %s '%s'".formatted(kind, head(key)), key, KEY_LENGTH);
        if (!KEY.matcher(key).matches()) {
            throw badInput(
                    "Invalid %s name '%s': names may only contain letters, digits, '_', '-', '.', ':', '/' and spaces"
                            .formatted(kind, key));
        }
        // As MLflow does: a name may be used as a file name, so it must not mean another one.
        for (String part : key.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw badInput("Invalid %s name '%s': as a path it would mean another name".formatted(kind, key));
            }
        }
    }

    /** ASCII letters, digits, {@code _} and {@code -}, not too many: allowed by all of the rules below. */
    private static boolean isPlain(String key) {
        int length = key.length();
        if (length == 0 || length > KEY_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = key.charAt(i);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean isDigit = c >= '0' && c <= '9';
            if (!isLetter && !isDigit && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    public static void checkLength(String what, String value, int limit) {
        // A string is never shorter in chars than in code points, so short ones need no counting.
        if (value.length() > limit) {
            int length = value.codePointCount(0, value.length());
            if (length > limit) {
                throw badInput("%s exceeds the maximum length: '%s...' has %d characters, at most %d are kept"
                        .formatted(what, head(value), length, limit));
            }
        }
    }

    private static void checkCount(String what, int count, int limit) {
        if (count > limit) {
            throw badInput("A batch can hold at most %d %s; got %d. Split it up.".formatted(limit, what, count));
        }
    }

    private static String head(String text) {
        return text.length() <= 60 ? text : text.substring(0, text.offsetByCodePoints(0, 50));
    }
}
