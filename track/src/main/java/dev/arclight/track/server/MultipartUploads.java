package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import dev.arclight.web.Handler;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Large artifacts in parts that may arrive in any order, at once, and again ({@code mlflow-artifacts/mpu/…}). The parts
 * lie in a hidden folder of the store until the upload is completed; the artifact then appears whole. An upload
 * survives a restart of the server, so that a client goes on with the parts that are missing.
 */
final class MultipartUploads {
    private static final String BASE = "mlflow-artifacts/mpu/";
    private static final String HEADER = "X-Arclight-Upload";
    private static final int MOST_PARTS = 10_000;
    private static final long PART_BYTES = 5L << 30;
    private static final Duration TRANSFER = Duration.ofHours(6);
    private static final Duration LIFE = Duration.ofDays(7);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final String ABOUT = "about";
    /** A name that marks it as temporary, so that it is in no list of artifacts. */
    private static final String UPLOADS = ".uploads." + new UUID(0, 0) + ".tmp";

    private final Artifacts artifacts;
    private final String root;
    private final SecureRandom random = new SecureRandom();

    MultipartUploads(Artifacts artifacts, String root) {
        this.artifacts = artifacts;
        this.root = root;
    }

    void addTo(Endpoints endpoints) {
        post(endpoints, "create/{path...}", this::create);
        post(endpoints, "complete/{path...}", this::complete);
        post(endpoints, "abort/{path...}", this::abort);
        // Without a token: MLflow's client sends parts to what looks like a cloud's store, with these headers only.
        endpoints.raw(
                BASE + "parts/{id}/{number}",
                path -> Route.of("PUT", path, Role.ANYONE, this::part)
                        .withBodyBytes(PART_BYTES)
                        .withTime(TRANSFER));
    }

    private static void post(Endpoints endpoints, String path, Handler handler) {
        endpoints.raw(
                BASE + path, full -> Route.of("POST", full, Role.WRITE, handler).withTime(TRANSFER));
    }

    private Reply create(Request request) throws IOException {
        Payload payload = Payload.of(request);
        String target = target(request, payload);
        int parts = payload.integer("num_parts", 1);
        if (parts < 1 || parts > MOST_PARTS) {
            throw HttpError.badRequest("num_parts is %d; expected 1 to %,d".formatted(parts, MOST_PARTS));
        }
        var unused = artifacts.list(root, target); // refuses a path that leaves the store, before anything is sent
        removeOld();
        String id = UUID.randomUUID().toString();
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String secret = HexFormat.of().formatHex(bytes);
        String about = "%d %d %s %s".formatted(System.currentTimeMillis(), parts, digest(secret), target);
        artifacts.write(root, folder(id) + "/" + ABOUT, out -> out.write(about.getBytes(StandardCharsets.UTF_8)));
        String base = request.header("Host")
                .map(host -> request.scheme() + "://" + host)
                .orElse("");
        String prefix = request.rawPath().substring(0, request.rawPath().indexOf("/mpu/"));
        ObjectNode answer = MlflowJson.object().put("upload_id", id);
        ArrayNode credentials = answer.putArray("credentials");
        for (int number = 1; number <= parts; number++) {
            credentials
                    .addObject()
                    .put("url", "%s%s/mpu/parts/%s/%d".formatted(base, prefix, id, number))
                    .put("part_number", number)
                    .putObject("headers")
                    .put(HEADER, secret);
        }
        return Reply.json(answer);
    }

    private Reply part(Request request) throws IOException {
        String id = request.parameter("id");
        Upload upload = load(id);
        String shown = request.header(HEADER).orElse("");
        if (!MessageDigest.isEqual(
                digest(shown).getBytes(StandardCharsets.US_ASCII),
                upload.digest().getBytes(StandardCharsets.US_ASCII))) {
            throw new HttpError(403, "PERMISSION_DENIED", "This is not the upload's header " + HEADER);
        }
        int number;
        try {
            number = Integer.parseInt(request.parameter("number"));
        } catch (NumberFormatException e) {
            throw HttpError.badRequest("'%s' is no number of a part".formatted(request.parameter("number")));
        }
        if (number < 1 || number > upload.parts()) {
            throw HttpError.badRequest("Part %d of an upload of %d parts".formatted(number, upload.parts()));
        }
        InputStream body = request.body();
        artifacts.write(root, folder(id) + "/" + number, body::transferTo);
        return Reply.empty(200).withHeader("ETag", "\"%s-%d\"".formatted(id, number));
    }

    private Reply complete(Request request) throws IOException {
        Payload payload = Payload.of(request);
        String id = payload.required("upload_id");
        Upload upload = load(id);
        if (!upload.target().equals(target(request, payload))) {
            throw HttpError.badRequest("The upload '%s' is of another path".formatted(id));
        }
        Map<String, ArtifactEntry> there = artifacts.list(root, folder(id)).stream()
                .collect(Collectors.toMap(
                        entry -> entry.path().substring(entry.path().lastIndexOf('/') + 1), Function.identity()));
        for (int number = 1; number <= upload.parts(); number++) {
            if (!there.containsKey(Integer.toString(number))) {
                throw HttpError.badRequest("Part %d of %d has not arrived: send it, then complete again"
                        .formatted(number, upload.parts()));
            }
        }
        artifacts.write(root, upload.target(), out -> {
            for (int number = 1; number <= upload.parts(); number++) {
                try (InputStream part = artifacts.open(root, folder(id) + "/" + number)) {
                    part.transferTo(out);
                }
            }
        });
        artifacts.delete(root, folder(id));
        return Reply.json(MlflowJson.object());
    }

    private Reply abort(Request request) throws IOException {
        String id = Payload.of(request).required("upload_id");
        load(id);
        artifacts.delete(root, folder(id));
        return Reply.json(MlflowJson.object());
    }

    /**
     * What is known of an upload.
     *
     * @param digest of what parts must show
     */
    private record Upload(long startMillis, int parts, String digest, String target) {}

    private Upload load(String id) throws IOException {
        if (!ID.matcher(id).matches()) {
            throw unknown(id);
        }
        try (InputStream in = artifacts.open(root, folder(id) + "/" + ABOUT)) {
            String[] about = new String(in.readAllBytes(), StandardCharsets.UTF_8).split(" ", 4);
            return new Upload(Long.parseLong(about[0]), Integer.parseInt(about[1]), about[2], about[3]);
        } catch (ArclightException e) {
            throw unknown(id);
        }
    }

    private static RuntimeException unknown(String id) {
        return ArclightException.notFound("There is no upload '%s': it was completed, aborted, or is older than %d days"
                .formatted(id, LIFE.toDays()));
    }

    /** Uploads that nobody completes would fill the disk. */
    private void removeOld() throws IOException {
        for (ArtifactEntry entry : artifacts.list(root, UPLOADS)) {
            String id = entry.path().substring(entry.path().lastIndexOf('/') + 1);
            if (ID.matcher(id).matches() && load(id).startMillis() < System.currentTimeMillis() - LIFE.toMillis()) {
                artifacts.delete(root, folder(id));
            }
        }
    }

    private static String folder(String id) {
        return UPLOADS + "/" + id;
    }

    private static String target(Request request, Payload payload) {
        String path = payload.required("path");
        String name = path.substring(path.lastIndexOf('/') + 1);
        String folder = request.parameter("path");
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    private static String digest(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
