package dev.arclight.serve;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.Model;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of a registry, as {@code models:/name@alias} or {@code models:/name/version} names it.
 *
 * @param alias the alias or version that was asked for
 * @param isAlias whether it may name another version tomorrow
 */
record RegisteredModel(Tracking store, String name, String alias, boolean isAlias) {
    private static final Pattern URI = Pattern.compile("models:/+([^/@]+)(@|/)([^/@]+)");

    static RegisteredModel of(Tracking store, String uri) {
        Matcher matcher = URI.matcher(uri);
        if (!matcher.matches()) {
            throw ArclightException.badInput(
                    "Cannot serve '%s': expected models:/name@alias, models:/name/version or a directory"
                            .formatted(uri));
        }
        if (matcher.group(3).contains("=")) {
            throw ArclightException.badInput("'%s' names shares of several aliases; one was expected".formatted(uri));
        }
        boolean alias = matcher.group(2).equals("@") || matcher.group(3).equals("latest");
        return new RegisteredModel(store, matcher.group(1), matcher.group(3), alias);
    }

    /** The version that answers now. */
    int version() {
        if (isAlias) {
            return store.registry()
                    .findByAlias(name, alias)
                    .map(ModelVersion::version)
                    .orElseThrow(() -> ArclightException.notFound(
                            "Registered model '%s' has no alias '%s'".formatted(name, alias)));
        }
        try {
            return Integer.parseInt(alias);
        } catch (NumberFormatException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "Cannot serve version '%s' of '%s': no number".formatted(alias, name), e);
        }
    }

    /** Loads a version and proves it on its golden rows. */
    Model load(int version) {
        try {
            return Model.load(store.resolve("models:/%s/%d".formatted(name, version)));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot read version %d of '%s': %s".formatted(version, name, e.getMessage()),
                    e);
        }
    }
}
