package dev.arclight.tables.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What the commits of a Delta table say, as far as they are JSON: see "Delta Transaction Log Protocol", actions
 * {@code metaData}, {@code add} and {@code remove}. Where a checkpoint stands for the older commits, the number of rows
 * is not known.
 *
 * @param columns {@code name type} of the last schema
 */
record DeltaLog(OptionalLong rows, List<String> columns) {
    static DeltaLog read(FileSystem files, Path table) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Map<String, Long> live = new HashMap<>(); // rows of each file, -1 if it does not say
        List<String> columns = List.of();
        boolean complete = false;
        List<FileStatus> commits = new ArrayList<>();
        for (FileStatus file : files.listStatus(new Path(table, "_delta_log"))) {
            String name = file.getPath().getName();
            if (name.matches("\\d{20}\\.json")) {
                commits.add(file);
                complete |= name.equals("0".repeat(20) + ".json");
            }
        }
        commits.sort(Comparator.comparing(FileStatus::getPath));
        for (FileStatus commit : commits) {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(files.open(commit.getPath()), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode action = mapper.readTree(line);
                    if (action.has("add")) {
                        JsonNode add = action.get("add");
                        live.put(add.path("path").asText(), rows(mapper, add));
                    } else if (action.has("remove")) {
                        live.remove(action.get("remove").path("path").asText());
                    } else if (action.has("metaData")) {
                        columns = columns(mapper.readTree(
                                action.get("metaData").path("schemaString").asText("{}")));
                    }
                }
            }
        }
        boolean known = complete && live.values().stream().allMatch(rows -> rows >= 0);
        return new DeltaLog(
                known
                        ? OptionalLong.of(live.values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        : OptionalLong.empty(),
                columns);
    }

    private static long rows(ObjectMapper mapper, JsonNode add) throws IOException {
        if (!add.path("deletionVector").isMissingNode()
                && !add.path("deletionVector").isNull()) {
            return -1; // some of its rows are deleted
        }
        return mapper.readTree(add.path("stats").asText("{}"))
                .path("numRecords")
                .asLong(-1);
    }

    private static List<String> columns(JsonNode schema) {
        List<String> columns = new ArrayList<>();
        for (JsonNode field : schema.path("fields")) {
            JsonNode type = field.path("type");
            columns.add(field.path("name").asText() + " "
                    + (type.isTextual() ? type.asText() : type.path("type").asText("struct")));
        }
        return columns;
    }
}
