package dev.arclight.google.dataproc;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.Setting;
import dev.arclight.base.Settings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Dataproc's submitters want to know. */
public final class DataprocSettings implements Setting.Catalog {
    static final Setting PROJECT =
            new Setting("arclight.gcp-project", "", "Google Cloud project (default: GOOGLE_CLOUD_PROJECT)");
    static final Setting REGION = new Setting("arclight.gcp-region", "", "Google Cloud region, such as europe-west1");
    static final Setting STAGING = new Setting(
            "arclight.gcp-staging", "", "Folder in a bucket, gs://BUCKET/PATH, to which a submitted job's jars go");
    static final Setting CLUSTER = new Setting("arclight.dataproc-cluster", "", "Dataproc cluster of submitted jobs");
    static final Setting RUNTIME = new Setting(
            "arclight.dataproc-runtime",
            "",
            "Runtime version of serverless batches, such as 3.0 (default: Dataproc's)");
    static final Setting SUBNET =
            new Setting("arclight.dataproc-subnet", "", "Subnetwork of serverless batches (default: the region's)");
    static final Setting ACCOUNT = new Setting(
            "arclight.dataproc-service-account", "", "Service account of serverless batches (default: the project's)");
    static final Setting ENDPOINT = new Setting(
            "arclight.dataproc-endpoint", "", "Address of Dataproc (default: https://REGION-dataproc.googleapis.com)");

    /** For ServiceLoader. */
    public DataprocSettings() {}

    @Override
    public List<Setting> settings() {
        return List.of(PROJECT, REGION, STAGING, CLUSTER, RUNTIME, SUBNET, ACCOUNT, ENDPOINT);
    }

    /** The project, the region and the endpoint. */
    static Place place(Settings settings, Map<String, String> environment, String master) {
        String project = settings.find(PROJECT.key())
                .map(Settings.Value::text)
                .or(() -> Optional.ofNullable(environment.get("GOOGLE_CLOUD_PROJECT")))
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> missing(master, PROJECT, "PROJECT"));
        if (!project.matches("([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")) {
            throw badInput(
                    "%s is '%s', expected a project's id, such as my-project-1".formatted(PROJECT.key(), project));
        }
        String region = required(settings, master, REGION, "REGION");
        if (!region.matches("[a-z]+-[a-z]+\\d+")) {
            throw badInput("%s is '%s', expected a region, such as europe-west1 (a zone has a letter more)"
                    .formatted(REGION.key(), region));
        }
        return new Place(
                endpoint(
                        settings.text(ENDPOINT).isBlank()
                                ? "https://%s-dataproc.googleapis.com".formatted(region)
                                : settings.text(ENDPOINT)),
                project,
                region);
    }

    /** Our token goes nowhere unencrypted. */
    static URI endpoint(String text) {
        URI uri = URI.create(text);
        boolean here = "127.0.0.1".equals(uri.getHost()) || "localhost".equals(uri.getHost());
        if (uri.getHost() == null || (!"https".equals(uri.getScheme()) && !here)) {
            throw badInput("%s is '%s', expected https://HOST".formatted(ENDPOINT.key(), text));
        }
        return uri;
    }

    /** The folder to which jars go, without a slash at its end. */
    static String staging(Settings settings, String master, String scheme) {
        String staging = required(settings, master, STAGING, "gs://BUCKET/PATH").replaceAll("/+$", "");
        if (!staging.matches(scheme + (scheme.equals("gs") ? "://[a-z0-9._-]+(/.+)?" : "://.*"))) {
            throw badInput("%s is '%s', expected gs://BUCKET/PATH".formatted(STAGING.key(), staging));
        }
        return staging;
    }

    static String required(Settings settings, String master, Setting setting, String example) {
        String text = settings.text(setting).strip();
        if (text.isEmpty()) {
            throw missing(master, setting, example);
        }
        return text;
    }

    private static RuntimeException missing(String master, Setting setting, String example) {
        return badInput("Master '%s' needs --conf %s=%s, or the same in arclight.properties"
                .formatted(master, setting.key(), example));
    }

    /** Where in Google Cloud. */
    record Place(URI endpoint, String project, String region) {}
}
