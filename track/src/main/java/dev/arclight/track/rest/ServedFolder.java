package dev.arclight.track.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.FileRegion;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.base.rest.Transfers;
import dev.arclight.track.ArtifactEntry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Artifacts that the tracking server hands through ({@code mlflow-artifacts:}). */
final class ServedFolder implements RemoteFolder {
    private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts";

    private final RestClient client;
    private final Transfers transfers;
    private final String root;

    /** @param root below the server's artifact folder, without slashes at its ends */
    ServedFolder(RestClient client, Transfers transfers, String root) {
        this.client = client;
        this.transfers = transfers;
        this.root = root;
    }

    @Override
    public List<ArtifactEntry> list(String path) {
        JsonNode answer = client.get(FILES, QueryString.of("path", join(root, path)));
        return Wire.list(
                answer,
                "files",
                file -> new ArtifactEntry(
                        join(path, Wire.text(file, "path")),
                        file.path("is_dir").asBoolean(),
                        Wire.number(file, "file_size")));
    }

    @Override
    public HttpRequest.Builder download(String path) {
        return client.call(address(path));
    }

    @Override
    public void upload(String path, Path file) throws IOException {
        if (Files.size(file) >= MultipartUpload.MINIMUM_BYTES
                && new MultipartUpload(client, transfers).tryUpload(join(root, path), file)) {
            return;
        }
        transfers.put(
                client.call(address(path)).setHeader("Content-Type", "application/octet-stream"),
                FileRegion.whole(file));
    }

    @Override
    public void delete(String path) {
        ObjectNode nothing = Wire.object();
        try {
            client.send("DELETE", address(path), nothing, Repeat.SAFE);
        } catch (ArclightException e) {
            // MLflow's server answers what is not there with an error of its own making.
            if (e.code() != ErrorCode.NOT_FOUND && !(e.code() == ErrorCode.UNAVAILABLE && isAbsent(path))) {
                throw e;
            }
        }
    }

    private boolean isAbsent(String path) {
        int slash = path.lastIndexOf('/');
        return list(path).isEmpty()
                && list(slash < 0 ? "" : path.substring(0, slash)).stream()
                        .noneMatch(entry -> entry.path().equals(path));
    }

    private String address(String path) {
        return FILES + "/" + QueryString.path(join(root, path));
    }

    static String join(String folder, String path) {
        return folder.isEmpty() ? path : path.isEmpty() ? folder : folder + "/" + path;
    }
}
