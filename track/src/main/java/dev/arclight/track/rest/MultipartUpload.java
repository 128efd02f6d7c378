package dev.arclight.track.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.rest.FileRegion;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.base.rest.Transfers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sends a large file in parts straight to the object store behind the server, as MLflow's {@code mlflow-artifacts/mpu}
 * calls describe. A part that breaks off is sent again, those before it are not. A server whose artifacts are files
 * knows no parts.
 */
final class MultipartUpload {
    /** Smaller files go in one piece. */
    static final long MINIMUM_BYTES = 100L << 20;

    private static final String CALLS = "/api/2.0/mlflow-artifacts/mpu/";
    private static final long PART_BYTES = 32L << 20;
    private static final int MOST_PARTS = 1000;

    private final RestClient client;
    private final Transfers transfers;

    MultipartUpload(RestClient client, Transfers transfers) {
        this.client = client;
        this.transfers = transfers;
    }

    /** Sends {@code file}; false if this server knows no parts, and nothing was sent. */
    boolean tryUpload(String path, Path file) throws IOException {
        int slash = path.lastIndexOf('/');
        String folder = slash < 0 ? "" : path.substring(0, slash);
        String name = path.substring(slash + 1);
        long size = Files.size(file);
        long part = Math.max(PART_BYTES, (size + MOST_PARTS - 1) / MOST_PARTS);
        int parts = Math.toIntExact((size + part - 1) / part);
        ObjectNode start = Wire.object().put("path", name).put("num_parts", parts);
        HttpResponse<String> begun = post("create", folder, start);
        // 501: an artifact store without parts. 404 and 405: a server from before them.
        if (begun.statusCode() == 501 || begun.statusCode() == 404 || begun.statusCode() == 405) {
            return false;
        }
        JsonNode upload = parsed(begun);
        String id = Wire.text(upload, "upload_id");
        try {
            ObjectNode end = Wire.object().put("path", name).put("upload_id", id);
            ArrayNode done = end.putArray("parts");
            int number = 0;
            for (JsonNode credential : upload.path("credentials")) {
                long from = number++ * part;
                FileRegion region = new FileRegion(file, from, Math.min(part, size - from));
                done.addObject()
                        .put("part_number", credential.path("part_number").asInt(number))
                        .put("etag", sendPart(credential, region))
                        .put("url", Wire.text(credential, "url"));
            }
            if (number != parts) {
                throw new IOException(
                        "The server gave addresses for %d of %d parts of %s".formatted(number, parts, path));
            }
            parsed(post("complete", folder, end));
            return true;
        } catch (IOException | RuntimeException e) {
            try {
                post("abort", folder, Wire.object().put("path", name).put("upload_id", id));
            } catch (RuntimeException secondary) {
                e.addSuppressed(secondary);
            }
            throw e;
        }
    }

    private String sendPart(JsonNode credential, FileRegion region) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Wire.text(credential, "url")));
        credential
                .path("headers")
                .properties()
                .forEach(header ->
                        request.setHeader(header.getKey(), header.getValue().asText()));
        return transfers.put(request, region).headers().firstValue("ETag").orElse("");
    }

    private HttpResponse<String> post(String call, String folder, ObjectNode body) {
        String path = CALLS + call + (folder.isEmpty() ? "" : "/" + QueryString.path(folder));
        HttpRequest request = client.call(path)
                .setHeader("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(RestClient.bytes(body)))
                .build();
        return client.exchange(request, BodyHandlers.ofString(), Repeat.SAFE, () -> 0);
    }

    private JsonNode parsed(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw client.failure(response);
        }
        return client.parse(response);
    }
}
