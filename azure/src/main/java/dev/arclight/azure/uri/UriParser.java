package dev.arclight.azure.uri;

import dev.arclight.azure.uri.AzureMLUri.Root;
import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses one URI, left to right, one part between slashes at a time. */
final class UriParser {
    private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");
    private static final Pattern RESOURCE_GROUP = Pattern.compile("[\\w.()-]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final String PROVIDER = "Microsoft.MachineLearningServices";

    private final String text;
    private final List<String> parts;
    private int next;

    UriParser(String text) {
        this.text = text;
        this.parts = new ArrayList<>();
    }

    AzureMLUri parse() {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!lower.startsWith(AzureMLUri.SCHEME + ":")) {
            throw refuse("it does not begin with azureml:");
        }
        String rest = text.substring(AzureMLUri.SCHEME.length() + 1);
        if (!rest.startsWith("//")) {
            return asset(rest);
        }
        for (String part : rest.substring(2).split("/", -1)) {
            if (!part.isEmpty()) {
                parts.add(part); // as Hadoop's paths do, two slashes are one
            }
        }
        if (parts.isEmpty()) {
            throw refuse("nothing follows azureml://; expected datastores, subscriptions, data or registries");
        }
        return switch (parts.get(0).toLowerCase(Locale.ROOT)) {
            case "subscriptions" -> inWorkspace(Optional.of(workspace()));
            case "datastores", "datastore", "data" -> inWorkspace(Optional.empty());
            case "registries" -> registry();
            default ->
                throw refuse("part 1 is '%s', expected datastores, subscriptions, data or registries"
                        .formatted(parts.get(0)));
        };
    }

    /** {@code NAME:VERSION}. */
    private AzureMLUri asset(String rest) {
        int colon = rest.indexOf(':');
        if (colon < 0 || rest.indexOf('/') >= 0) {
            throw refuse("expected azureml://... or azureml:NAME:VERSION");
        }
        String name = named("the name of the data asset", rest.substring(0, colon), NAME);
        String version = named("its version", rest.substring(colon + 1), NAME);
        return new AzureMLUri(
                new Root.Data(Optional.empty(), name, version),
                "azureml://data/%s/versions/%s".formatted(name, version),
                "");
    }

    private Workspace workspace() {
        keyword("subscriptions");
        String subscription = name("the subscription's id", NAME);
        keyword("resourcegroups");
        String group = name("the resource group", RESOURCE_GROUP);
        if (next < parts.size() && parts.get(next).equalsIgnoreCase("providers")) {
            next++;
            keyword(PROVIDER);
        }
        keyword("workspaces");
        return new Workspace(subscription, group, name("the workspace", NAME));
    }

    private AzureMLUri inWorkspace(Optional<Workspace> workspace) {
        String kind = next < parts.size() ? parts.get(next).toLowerCase(Locale.ROOT) : "";
        switch (kind) {
            case "datastores", "datastore" -> {
                next++;
                if (next == parts.size()) {
                    return done(new Root.Datastores(workspace));
                }
                String name = name("the datastore", NAME);
                if (next == parts.size()) {
                    return new AzureMLUri(new Root.Datastore(workspace, name), base() + "/paths", "");
                }
                keyword("paths");
                return done(new Root.Datastore(workspace, name));
            }
            case "data" -> {
                next++;
                String name = name("the data asset", NAME);
                keyword("versions");
                return done(new Root.Data(workspace, name, name("the version", NAME)));
            }
            default -> throw missing("datastores or data");
        }
    }

    private AzureMLUri registry() {
        keyword("registries");
        String registry = name("the registry", NAME);
        keyword("data");
        String name = name("the data asset", NAME);
        keyword("versions");
        return done(new Root.RegistryData(registry, name, name("the version", NAME)));
    }

    private AzureMLUri done(Root root) {
        return new AzureMLUri(root, base(), String.join("/", parts.subList(next, parts.size())));
    }

    private String base() {
        return "azureml://" + String.join("/", parts.subList(0, next));
    }

    private void keyword(String expected) {
        if (next == parts.size() || !parts.get(next).equalsIgnoreCase(expected)) {
            throw missing(expected);
        }
        next++;
    }

    private String name(String what, Pattern pattern) {
        if (next == parts.size()) {
            throw refuse("it ends where %s is expected, after '%s'".formatted(what, parts.get(next - 1)));
        }
        return named("part %d, %s,".formatted(next + 1, what), parts.get(next++), pattern);
    }

    private String named(String what, String seen, Pattern pattern) {
        if (!pattern.matcher(seen).matches()) {
            throw refuse("%s is '%s', expected letters, digits, '_', '-' and '.'".formatted(what, seen));
        }
        return seen;
    }

    private ArclightException missing(String expected) {
        return refuse(
                next == parts.size()
                        ? "it ends where '%s' is expected, after '%s'".formatted(expected, parts.get(next - 1))
                        : "part %d is '%s', expected '%s'".formatted(next + 1, parts.get(next), expected));
    }

    private ArclightException refuse(String why) {
        return ArclightException.badInput("No azureml URI: '%s': %s".formatted(text, why));
    }
}
