package dev.arclight.base.rest;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.RestClient.Repeat;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Moves files of any size. A transfer that breaks off is resumed; one that stands still for two minutes breaks off. */
public final class Transfers {
    private static final int ATTEMPTS = 5;

    private final RestClient client;

    /** @param client sends the requests, which need not be for its own server */
    public Transfers(RestClient client) {
        this.client = client;
    }

    /** Sends a file or a part of one; of any status. */
    public HttpResponse<String> send(HttpRequest.Builder request, String method, FileRegion region) {
        LongAdder sent = new LongAdder();
        HttpRequest built = request.method(method, region.publisher(sent)).build();
        return client.exchange(built, BodyHandlers.ofString(), Repeat.SAFE, sent::sum);
    }

    /** Sends a file or a part of one that the server must take. */
    public HttpResponse<String> put(HttpRequest.Builder request, FileRegion region) {
        HttpResponse<String> response = send(request, "PUT", region);
        if (response.statusCode() / 100 != 2) {
            throw client.failure(response);
        }
        return response;
    }

    /**
     * Receives a file into {@code target}, which is made. After a break, what is there already is not asked for again,
     * if the server can give the rest.
     *
     * @param request makes the request of each attempt
     */
    public void receive(Supplier<HttpRequest.Builder> request, Path target) throws IOException {
        Files.deleteIfExists(target);
        for (int attempt = 1; ; attempt++) {
            long have = Files.exists(target) ? Files.size(target) : 0;
            HttpRequest.Builder asking = request.get();
            if (have > 0) {
                asking.setHeader("Range", "bytes=%d-".formatted(have));
            }
            HttpRequest built = asking.GET().build();
            try {
                HttpResponse<String> response =
                        client.exchange(built, head -> into(head, target), Repeat.UNSAFE, () -> size(target));
                if (response.statusCode() == 416) {
                    Files.deleteIfExists(target); // the file has changed meanwhile
                } else if (response.statusCode() / 100 == 2) {
                    if (!Files.exists(target)) {
                        Files.createFile(target);
                    }
                    return;
                } else if (!isTransient(response.statusCode()) || attempt == ATTEMPTS) {
                    throw client.failure(response);
                }
            } catch (ArclightException e) {
                // A broken download: nothing took effect that could be unknown.
                if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
                    throw e;
                }
                if (attempt == ATTEMPTS) {
                    throw new ArclightException(
                            ErrorCode.UNAVAILABLE,
                            "%s broke off %d times, the last time after %d bytes"
                                    .formatted(RestClient.name(built), ATTEMPTS, size(target)),
                            e);
                }
            }
        }
    }

    private static BodySubscriber<String> into(HttpResponse.ResponseInfo head, Path target) {
        return switch (head.statusCode()) {
            case 200 ->
                BodySubscribers.mapping(
                        BodySubscribers.ofFile(
                                target,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING),
                        Path::toString);
            case 206 ->
                BodySubscribers.mapping(
                        BodySubscribers.ofFile(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                        Path::toString);
            default -> BodyHandlers.ofString().apply(head);
        };
    }

    private static boolean isTransient(int status) {
        return status == 408 || status == 502 || status == 504; // the client repeats 429 and 503
    }

    private static long size(Path file) {
        return file.toFile().length(); // 0 while there is none
    }
}
