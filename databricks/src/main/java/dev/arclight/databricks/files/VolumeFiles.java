package dev.arclight.databricks.files;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.FileRegion;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.base.rest.Transfers;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files in Unity Catalog's volumes, by {@code /api/2.0/fs/files} and {@code /api/2.0/fs/directories} (REST reference,
 * "Files").
 */
final class VolumeFiles implements WorkspaceFiles {
    private static final String FILES = "/api/2.0/fs/files";
    private static final String FOLDERS = "/api/2.0/fs/directories";

    private final RestClient workspace;

    VolumeFiles(RestClient workspace) {
        this.workspace = workspace;
    }

    @Override
    public Optional<Entry> find(String path) {
        HttpResponse<String> file = head(FILES + QueryString.path(path));
        if (file.statusCode() / 100 == 2) {
            return Optional.of(new Entry(
                    path,
                    false,
                    file.headers().firstValueAsLong("Content-Length").orElse(0),
                    file.headers()
                            .firstValue("Last-Modified")
                            .map(VolumeFiles::millis)
                            .orElse(0L)));
        }
        HttpResponse<String> folder = head(FOLDERS + QueryString.path(path));
        if (folder.statusCode() / 100 == 2) {
            return Optional.of(new Entry(path, true, 0, 0));
        }
        if (folder.statusCode() != 404) {
            throw workspace.failure(folder);
        }
        return Optional.empty();
    }

    private HttpResponse<String> head(String path) {
        HttpRequest request =
                workspace.call(path).method("HEAD", BodyPublishers.noBody()).build();
        return workspace.exchange(request, BodyHandlers.ofString(), Repeat.SAFE, () -> 0);
    }

    private static long millis(String date) {
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant()
                .toEpochMilli();
    }

    @Override
    public List<Entry> list(String folder) {
        List<Entry> all = new ArrayList<>();
        Optional<String> page = Optional.empty();
        do {
            JsonNode answer = workspace.get(
                    FOLDERS + QueryString.path(folder), QueryString.none().and("page_token", page));
            for (JsonNode one : answer.path("contents")) {
                all.add(new Entry(
                        one.path("path").asText().replaceAll("/+$", ""),
                        one.path("is_directory").asBoolean(),
                        one.path("file_size").asLong(),
                        one.path("last_modified").asLong()));
            }
            page = Optional.of(answer.path("next_page_token").asText("")).filter(token -> !token.isEmpty());
        } while (page.isPresent());
        return all;
    }

    @Override
    public byte[] read(String path, long from, int most) throws IOException {
        HttpRequest request = workspace
                .call(FILES + QueryString.path(path))
                .setHeader("Range", "bytes=%d-%d".formatted(from, from + most - 1))
                .GET()
                .build();
        HttpResponse<InputStream> response =
                workspace.exchange(request, BodyHandlers.ofInputStream(), Repeat.SAFE, () -> 0);
        try (InputStream in = response.body()) {
            if (response.statusCode() == 416) {
                return new byte[0]; // beyond the end
            }
            if (response.statusCode() / 100 != 2) {
                String body = new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8);
                throw workspace.failure(request, response.statusCode(), body);
            }
            if (response.statusCode() == 200) { // all of it: the range was not looked at
                in.skipNBytes(from);
            }
            return in.readNBytes(most);
        }
    }

    @Override
    public void put(String path, Path local) throws IOException {
        makeFolder(path.substring(0, path.lastIndexOf('/')));
        new Transfers(workspace)
                .put(
                        workspace
                                .call(FILES + QueryString.path(path) + "?overwrite=true")
                                .setHeader("Content-Type", "application/octet-stream"),
                        FileRegion.whole(local));
    }

    /** A volume itself is no folder that could be made: {@code /Volumes/CATALOG/SCHEMA/VOLUME}. */
    @Override
    public void makeFolder(String path) {
        if (path.split("/", -1).length > 5) {
            send("PUT", FOLDERS + QueryString.path(path));
        }
    }

    @Override
    public void delete(Entry entry) {
        try {
            send("DELETE", (entry.isFolder() ? FOLDERS : FILES) + QueryString.path(entry.path()));
        } catch (ArclightException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void send(String method, String path) {
        HttpRequest request =
                workspace.call(path).method(method, BodyPublishers.noBody()).build();
        HttpResponse<String> response = workspace.exchange(request, BodyHandlers.ofString(), Repeat.SAFE, () -> 0);
        if (response.statusCode() / 100 != 2) {
            throw workspace.failure(response);
        }
    }
}
