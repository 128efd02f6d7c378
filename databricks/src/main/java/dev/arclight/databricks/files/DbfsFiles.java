package dev.arclight.databricks.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Files in the workspace's own store, by {@code /api/2.0/dbfs} (REST reference, "DBFS"). A file is written block by
 * block behind a handle, which the service forgets after ten minutes; one that breaks off is begun anew.
 */
final class DbfsFiles implements WorkspaceFiles {
    private static final String DBFS = "/api/2.0/dbfs/";
    /** The service's limit of one block, before it is encoded. */
    private static final int BLOCK_BYTES = 1 << 20;

    private final RestClient workspace;

    DbfsFiles(RestClient workspace) {
        this.workspace = workspace;
    }

    @Override
    public Optional<Entry> find(String path) {
        try {
            return Optional.of(entry(workspace.get(DBFS + "get-status", QueryString.of("path", path))));
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Entry entry(JsonNode file) {
        return new Entry(
                file.path("path").asText(),
                file.path("is_dir").asBoolean(),
                file.path("file_size").asLong(),
                file.path("modification_time").asLong());
    }

    @Override
    public List<Entry> list(String folder) {
        List<Entry> all = new ArrayList<>();
        workspace
                .get(DBFS + "list", QueryString.of("path", folder))
                .path("files")
                .forEach(one -> all.add(entry(one)));
        return all;
    }

    @Override
    public byte[] read(String path, long from, int most) throws IOException {
        JsonNode answer = workspace.get(
                DBFS + "read",
                QueryString.of("path", path).and("offset", Long.toString(from)).and("length", Integer.toString(most)));
        return answer.path("data").binaryValue() == null
                ? new byte[0]
                : answer.path("data").binaryValue();
    }

    @Override
    public void put(String path, Path local) throws IOException {
        // What was created is there under no name before it is closed; to overwrite is to begin anew.
        String handle = workspace
                .send("POST", DBFS + "create", body("path", path).put("overwrite", true), Repeat.SAFE)
                .path("handle")
                .asText("");
        try (InputStream in = Files.newInputStream(local)) {
            for (byte[] block = in.readNBytes(BLOCK_BYTES); block.length > 0; block = in.readNBytes(BLOCK_BYTES)) {
                ObjectNode body = handle(handle).put("data", Base64.getEncoder().encodeToString(block));
                workspace.send("POST", DBFS + "add-block", body, Repeat.UNSAFE); // twice, it would be there twice
            }
            workspace.send("POST", DBFS + "close", handle(handle), Repeat.UNSAFE);
        } catch (IOException | RuntimeException e) {
            try {
                delete(new Entry(path, false, 0, 0)); // half a file is worse than none
            } catch (RuntimeException secondary) {
                e.addSuppressed(secondary);
            }
            throw e;
        }
    }

    @Override
    public void makeFolder(String path) {
        workspace.send("POST", DBFS + "mkdirs", body("path", path), Repeat.SAFE);
    }

    @Override
    public void delete(Entry entry) {
        workspace.send("POST", DBFS + "delete", body("path", entry.path()).put("recursive", false), Repeat.SAFE);
    }

    /** A handle is a number of 64 bits. */
    private static ObjectNode handle(String handle) {
        return JsonNodeFactory.instance.objectNode().put("handle", Long.parseLong(handle));
    }

    private static ObjectNode body(String name, String value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }
}
