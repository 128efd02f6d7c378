package dev.arclight.engine.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.Master;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The user's notes on jobs: a folder for each, {@code arclight/jobs/ID} of {@code XDG_STATE_HOME} (by default
 * {@code ~/.local/state}), with {@code job.json} and, once the job has ended, {@code log}. Safe for use by many
 * processes.
 */
final class JobFolder {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path root;

    private JobFolder(Path root) {
        this.root = root;
    }

    static JobFolder of(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state);
        return new JobFolder(base.resolve("arclight").resolve("jobs"));
    }

    /** Where the log of a job is, or will be once it has ended. */
    Path log(JobId id) {
        return root.resolve(id.text()).resolve("log");
    }

    void save(JobRecord job) {
        ObjectNode node = JSON.createObjectNode();
        node.put("name", job.name());
        node.put("master", job.master().text());
        node.put("mode", lower(job.mode()));
        node.put("submitted", job.submitted().toString());
        node.put("submitter", job.submitter());
        ObjectNode handle = node.putObject("handle");
        job.handle().forEach(handle::put);
        job.end()
                .ifPresent(end ->
                        node.putObject("end").put("state", lower(end.state())).put("detail", end.detail()));
        Path file = file(job.id());
        try {
            AtomicFiles.write(file, node.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot note the job in %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** All jobs, newest first. */
    List<JobRecord> list() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve("job.json")))
                    .map(folder -> load(new JobId(folder.getFileName().toString())))
                    .sorted(Comparator.comparing(JobRecord::id).reversed())
                    .toList();
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot list %s: %s".formatted(root, e.getMessage()), e);
        }
    }

    /** @throws ArclightException NOT_FOUND */
    JobRecord load(JobId id) {
        Path file = file(id);
        if (!Files.isRegularFile(file)) {
            throw ArclightException.notFound(
                    "No job %s was submitted from here (no %s): see `arclight job list`".formatted(id, file));
        }
        try {
            return parse(id, JSON.readTree(Files.readString(file)));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "Cannot read %s (%s): remove its folder".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static JobRecord parse(JobId id, JsonNode node) {
        Map<String, String> handle = new LinkedHashMap<>();
        node.path("handle")
                .properties()
                .forEach(field -> handle.put(field.getKey(), field.getValue().asText()));
        JsonNode end = node.path("end");
        return new JobRecord(
                id,
                node.path("name").asText(),
                Master.of(node.path("master").asText()),
                DeployMode.valueOf(upper(node.path("mode").asText())),
                Instant.parse(node.path("submitted").asText()),
                node.path("submitter").asText(),
                handle,
                end.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(new JobStatus(
                                JobStatus.State.valueOf(upper(end.path("state").asText())),
                                end.path("detail").asText())));
    }

    private Path file(JobId id) {
        return root.resolve(id.text()).resolve("job.json");
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
