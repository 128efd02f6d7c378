package dev.arclight.azure.submit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The environment of our jobs: an image that Azure ML builds from a folder of the datastore. Its version is made of
 * what is in it, so that the second job of a release finds it built.
 *
 * @param version 12 hexadecimal digits
 */
record AmlEnvironment(String version, String dockerfile, String conda) {
    static final String NAME = "arclight";
    static final String DOCKERFILE = "Dockerfile";
    static final String CONDA = "conda.yaml";
    /** Where the image has what we put into it; {@code arclight-aml-start.py} looks there. */
    static final String PYTHON = "/opt/arclight-python";

    private static final int DIGITS = 12;

    private static final String TEMPLATE = """
            # Written by 'arclight submit --master aml'. Python, Ray and a JDK come from conda.yaml, Spark and Arclight from
            # the release folder.
            FROM %s
            COPY conda.yaml /opt/arclight-build/conda.yaml
            RUN conda env create --quiet --prefix /opt/arclight-python --file /opt/arclight-build/conda.yaml \\
             && conda clean --all --yes
            ENV PATH=/opt/arclight-python/bin:$PATH \\
                JAVA_HOME=/opt/arclight-python/lib/jvm \\
                ARCLIGHT_HOME=/opt/arclight \\
                XDG_DATA_HOME=/opt/arclight-data \\
                XDG_CACHE_HOME=/tmp/arclight-cache
            COPY addons /opt/arclight-data/arclight/addons
            COPY release /opt/arclight
            RUN chmod 755 /opt/arclight/bin/arclight
            """;

    /** From what it is made of. */
    static AmlEnvironment of(Settings settings, Release release) {
        String dockerfile = TEMPLATE.formatted(settings.text(AmlSettings.BASE_IMAGE));
        String conda = conda(settings.text(AmlSettings.RAY));
        return new AmlEnvironment(
                digest(dockerfile + conda + release.fingerprint()).substring(0, DIGITS), dockerfile, conda);
    }

    private static String conda(String ray) {
        return """
                name: arclight
                channels:
                  - conda-forge
                dependencies:
                  - python=3.11
                  - openjdk=17
                  - pip
                  - pip:
                      - ray[default]==%s
                """.formatted(ray);
    }

    /** The body of {@code Environment Versions - Create Or Update}. */
    static ObjectNode body(Store store, String folder) {
        ObjectNode properties = new JsonMapper().createObjectNode();
        properties.put("description", "Arclight, Spark, Ray and a JDK: made by 'arclight submit --master aml'");
        properties.put("osType", "Linux");
        properties
                .putObject("build")
                .put("contextUri", store.blob(folder) + "/")
                .put("dockerfilePath", DOCKERFILE);
        ObjectNode body = new JsonMapper().createObjectNode();
        body.set("properties", properties);
        return body;
    }

    /** For {@code az ml environment create}, in the folder that holds Dockerfile, conda file, release and add-ons. */
    String yaml() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", "https://azuremlschemas.azureedge.net/latest/environment.schema.json");
        document.put("name", NAME);
        document.put("version", version);
        document.put("description", "Arclight, Spark, Ray and a JDK");
        document.put("build", Map.of("path", "."));
        return Yaml.of(document);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
