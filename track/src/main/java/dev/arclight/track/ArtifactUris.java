package dev.arclight.track;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the files that {@code models:} and {@code runs:} URIs name. */
final class ArtifactUris {
    private static final Pattern RUN = Pattern.compile("runs:/+([^/]+)(?:/(.*))?");
    private static final Pattern LOGGED_MODEL = Pattern.compile("models:/+(m-[0-9a-zA-Z]+)(?:/(.*))?");
    private static final Pattern ALIAS = Pattern.compile("models:/+([^/@]+)@([^/]+)(?:/(.*))?");
    private static final Pattern VERSION = Pattern.compile("models:/+([^/@]+)/([^/]+)(?:/(.*))?");
    private static final int MAX_HOPS = 5;

    private ArtifactUris() {}

    /**
     * Where files lie, as {@link Artifacts} takes it.
     *
     * @param path below {@code root}
     */
    record Place(String root, String path) {}

    static Place find(Tracking tracking, String uri) {
        String current = uri;
        String below = "";
        for (int hop = 0; hop < MAX_HOPS; hop++) {
            Matcher run = RUN.matcher(current);
            if (run.matches()) {
                String path = join(text(run, 2), below);
                Run found = tracking.runs().load(text(run, 1));
                return inRun(tracking, found, path, uri);
            }
            Matcher logged = LOGGED_MODEL.matcher(current);
            if (logged.matches()) {
                LoggedModel model = tracking.models().load(text(logged, 1));
                return new Place(model.artifactUri(), join(text(logged, 2), below));
            }
            Matcher alias = ALIAS.matcher(current);
            Matcher version = VERSION.matcher(current);
            if (alias.matches()) {
                below = join(text(alias, 3), below);
                current = source(byAlias(tracking, text(alias, 1), text(alias, 2)));
            } else if (version.matches()) {
                below = join(text(version, 3), below);
                current = source(byNumber(tracking, text(version, 1), text(version, 2)));
            } else if (hop > 0) {
                return new Place(current, below);
            } else {
                throw badInput(("Cannot resolve '%s': expected models:/name@alias, models:/name/version, models:/m-…"
                                + " or runs:/run/path")
                        .formatted(uri));
            }
        }
        throw badInput("Cannot resolve '%s': its sources name one another in a circle".formatted(uri));
    }

    /** A run's path may be that of a logged model of this name, which MLflow 3 keeps outside of the run's folder. */
    private static Place inRun(Tracking tracking, Run run, String path, String uri) {
        for (int i = run.modelOutputs().size() - 1; i >= 0; i--) {
            LoggedModel model = tracking.models().load(run.modelOutputs().get(i).modelId());
            if (path.equals(model.name()) || path.startsWith(model.name() + "/")) {
                String rest = path.length() == model.name().length()
                        ? ""
                        : path.substring(model.name().length() + 1);
                return new Place(model.artifactUri(), rest);
            }
        }
        if (path.isEmpty()) {
            throw badInput("'%s' names no path within the run: expected runs:/<run>/<path>".formatted(uri));
        }
        return new Place(run.artifactUri(), path);
    }

    private static ModelVersion byAlias(Tracking tracking, String name, String alias) {
        return tracking.registry()
                .findByAlias(name, alias)
                .orElseThrow(() -> notFound("Registered model '%s' has no alias '%s'; see: arclight models show %s"
                        .formatted(name, alias, name)));
    }

    private static ModelVersion byNumber(Tracking tracking, String name, String version) {
        if (version.equals("latest")) {
            return byAlias(tracking, name, version);
        }
        try {
            return tracking.registry().version(name, Integer.parseInt(version));
        } catch (NumberFormatException e) {
            throw badInput("'%s' is no version of model '%s': expected a number or 'latest'".formatted(version, name));
        }
    }

    private static String source(ModelVersion version) {
        return version.modelId().isEmpty() ? version.source() : "models:/" + version.modelId();
    }

    private static String join(String path, String below) {
        return path.isEmpty() ? below : below.isEmpty() ? path : path + "/" + below;
    }

    private static String text(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text == null ? "" : text;
    }
}
