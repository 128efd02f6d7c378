package dev.arclight.track.rest;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

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
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Artifacts in a Databricks workspace: the workspace lists them and signs an address in the cloud's own object store
 * for each file that is read or written. Databricks has no call that deletes one.
 */
final class DatabricksFolder implements RemoteFolder {
    private static final Pattern URI_FORM = Pattern.compile(
            "dbfs:(?://[^/]*)?/databricks/mlflow-tracking/[^/]+/(?:(logged_models)/)?([^/]+)/artifacts/*(.*?)/*");

    private final RestClient client;
    private final Transfers transfers;
    private final boolean ofModel;
    private final String id;
    private final String root;

    private DatabricksFolder(RestClient client, Transfers transfers, boolean ofModel, String id, String root) {
        this.client = client;
        this.transfers = transfers;
        this.ofModel = ofModel;
        this.id = id;
        this.root = root;
    }

    static boolean isFor(String uri) {
        return URI_FORM.matcher(uri).matches();
    }

    static DatabricksFolder of(RestClient client, Transfers transfers, String uri) {
        Matcher matcher = URI_FORM.matcher(uri);
        if (!matcher.matches()) {
            throw badInput("'%s' is no place of a Databricks run or logged model".formatted(uri));
        }
        return new DatabricksFolder(client, transfers, matcher.group(1) != null, matcher.group(2), matcher.group(3));
    }

    @Override
    public List<ArtifactEntry> list(String path) {
        String folder = ServedFolder.join(root, path);
        List<ArtifactEntry> all = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            JsonNode answer = ofModel
                    ? client.get(
                            RestTracking.API + "/logged-models/" + QueryString.path(id) + "/artifacts/directories",
                            QueryString.of("artifact_directory_path", folder).and("page_token", token))
                    : client.get(
                            RestTracking.API + "/artifacts/list",
                            QueryString.of("run_id", id).and("path", folder).and("page_token", token));
            for (JsonNode file : answer.path("files")) {
                String found = Wire.text(file, "path");
                if (!found.equals(folder)) { // a file lists itself
                    all.add(new ArtifactEntry(
                            root.isEmpty() ? found : found.substring(Math.min(found.length(), root.length() + 1)),
                            file.path("is_dir").asBoolean(),
                            Wire.number(file, "file_size")));
                }
            }
            token = Wire.find(answer, "next_page_token");
        } while (token.isPresent());
        return all;
    }

    @Override
    public HttpRequest.Builder download(String path) {
        JsonNode signed = sign(path, "credentials-for-read", "credentials-for-download");
        return request(signed, "");
    }

    @Override
    public void upload(String path, Path file) throws IOException {
        JsonNode signed = sign(path, "credentials-for-write", "credentials-for-upload");
        FileRegion whole = FileRegion.whole(file);
        switch (Wire.text(signed, "type")) {
            case "AZURE_SAS_URI" -> transfers.put(request(signed, "").setHeader("x-ms-blob-type", "BlockBlob"), whole);
            case "AZURE_ADLS_GEN2_SAS_URI" -> {
                transfers.put(request(signed, "resource=file"), new FileRegion(file, 0, 0));
                patch(request(signed, "action=append&position=0"), whole);
                patch(request(signed, "action=flush&position=" + whole.length()), new FileRegion(file, 0, 0));
            }
            default -> transfers.put(request(signed, ""), whole); // AWS_PRESIGNED_URL, GCP_SIGNED_URL
        }
    }

    @Override
    public void delete(String path) {
        throw new ArclightException(
                ErrorCode.BAD_STATE,
                "Databricks cannot delete single artifacts; '%s' stays until its run or model is deleted"
                        .formatted(path));
    }

    private void patch(HttpRequest.Builder request, FileRegion region) {
        HttpResponse<String> response = transfers.send(request, "PATCH", region);
        if (response.statusCode() / 100 != 2) {
            throw client.failure(response);
        }
    }

    private JsonNode sign(String path, String ofRun, String ofLoggedModel) {
        String full = ServedFolder.join(root, path);
        ObjectNode body = Wire.object();
        JsonNode signed;
        if (ofModel) {
            body.set("paths", Wire.texts(List.of(full)));
            String call = RestTracking.API + "/logged-models/" + QueryString.path(id) + "/artifacts/" + ofLoggedModel;
            signed = client.send("POST", call, body, Repeat.SAFE)
                    .path("credentials")
                    .path(0)
                    .path("credential_info");
        } else {
            body.put("run_id", id).set("path", Wire.texts(List.of(full)));
            signed = client.send("POST", RestTracking.API + "/artifacts/" + ofRun, body, Repeat.SAFE)
                    .path("credential_infos")
                    .path(0);
        }
        if (Wire.text(signed, "signed_uri").isEmpty()) {
            throw notFound("Databricks gave no address for the artifact '%s' of %s".formatted(path, id));
        }
        return signed;
    }

    /** To the cloud, which must not see the workspace's credentials. */
    private static HttpRequest.Builder request(JsonNode signed, String query) {
        String uri = Wire.text(signed, "signed_uri");
        String full = query.isEmpty() ? uri : uri + (uri.indexOf('?') < 0 ? "?" : "&") + query;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(full)).method("GET", BodyPublishers.noBody());
        signed.path("headers")
                .forEach(header -> request.setHeader(Wire.text(header, "name"), Wire.text(header, "value")));
        return request;
    }
}
