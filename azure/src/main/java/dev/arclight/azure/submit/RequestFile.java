package dev.arclight.azure.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An application on its way to its driver: {@code request.json} beside a folder {@code jars}. Settings may hold
 * secrets, so that the folder is as secret as they are.
 */
final class RequestFile {
    static final String NAME = "request.json";
    static final String JARS = "jars/";
    private static final JsonMapper JSON = new JsonMapper();

    private RequestFile() {}

    /** The text of the file. */
    static String write(JobRequest request) {
        ObjectNode node = JSON.createObjectNode();
        node.put("name", request.name()).put("mainClass", request.mainClass());
        request.jars()
                .forEach(jar -> node.withArray("jars").add(jar.getFileName().toString()));
        request.arguments().forEach(node.withArray("arguments")::add);
        ObjectNode spark = node.putObject("spark");
        Account.forDriver(request.spark()).forEach(spark::put);
        return node.toPrettyString() + "\n";
    }

    /**
     * The jars by their names in the folder.
     *
     * @throws ArclightException BAD_INPUT if two have the same name
     */
    static Map<String, Path> jars(JobRequest request) {
        Set<String> names = new HashSet<>();
        Map<String, Path> jars = new LinkedHashMap<>();
        for (Path jar : request.jars()) {
            String name = jar.getFileName().toString();
            if (!names.add(name)) {
                throw ArclightException.badInput("Two of the application's jars are called %s".formatted(name));
            }
            jars.put(JARS + name, jar);
        }
        return jars;
    }

    /**
     * Reads it back, where the driver starts.
     *
     * @param master of the driver
     * @throws ArclightException BAD_INPUT if the file is not there or no such file
     */
    static JobRequest read(Path folder, Master master) {
        Path file = folder.resolve(NAME);
        JsonNode node;
        try {
            node = JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw ArclightException.badInput("Cannot read %s: %s".formatted(file, e.getMessage()));
        }
        List<Path> jars = new ArrayList<>();
        node.path("jars").forEach(name -> jars.add(folder.resolve(JARS + name.asText())));
        List<String> arguments = new ArrayList<>();
        node.path("arguments").forEach(argument -> arguments.add(argument.asText()));
        Map<String, String> spark = new LinkedHashMap<>();
        node.path("spark")
                .properties()
                .forEach(setting ->
                        spark.put(setting.getKey(), setting.getValue().asText()));
        if (node.path("name").asText().isEmpty()
                || node.path("mainClass").asText().isEmpty()) {
            throw ArclightException.badInput("%s lacks name or mainClass".formatted(file));
        }
        return new JobRequest(
                node.path("name").asText(),
                master,
                DeployMode.CLIENT,
                node.path("mainClass").asText(),
                jars,
                arguments,
                spark);
    }
}
