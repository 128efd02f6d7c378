package dev.arclight.examples.taxi;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Sha256;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fetches files over HTTP: what was fetched before is kept and gone on from ({@code Range}, guarded by
 * {@code If-Range}), a busy server is left alone for a while and asked again. A file appears under its name once it is
 * whole. Not safe for use by many threads.
 */
final class Download {
    /** How a server is treated. */
    record Patience(int attempts, Duration firstPause, Duration longestPause, Duration timeout) {
        static Patience polite() {
            return new Patience(6, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(30));
        }
    }

    /** Waits; told how long. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration time) throws InterruptedException;
    }

    private final HttpClient client;
    private final Patience patience;
    private final Pause pause;
    private final Progress progress;

    Download(Patience patience, Pause pause, Progress progress) {
        this.client = HttpClient.newBuilder()
                .connectTimeout(patience.timeout())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        this.patience = patience;
        this.pause = pause;
        this.progress = progress;
    }

    /** A failure that another attempt may not have. */
    private static final class Again extends IOException {
        private static final long serialVersionUID = 1L;
        private final Optional<Duration> after;

        Again(String message, Optional<Duration> after) {
            super(message);
            this.after = after;
        }
    }

    /**
     * Fetches {@code from} to {@code to}; a file that is there and has the checksum, or, without one, the server's
     * size, is left.
     *
     * @param sha256 expected, in hexadecimal
     * @return whether something was fetched
     * @throws ArclightException NOT_FOUND, FORBIDDEN, BAD_INPUT for a wrong checksum, UNAVAILABLE when patience ends
     */
    boolean fetch(URI from, Path to, Optional<String> sha256) throws IOException, InterruptedException {
        if (Files.exists(to) && sha256.isPresent() && sha256.get().equalsIgnoreCase(Sha256.of(to))) {
            return false;
        }
        Files.createDirectories(to.toAbsolutePath().getParent());
        Path part = to.resolveSibling("." + to.getFileName() + ".part");
        Path tag = to.resolveSibling("." + to.getFileName() + ".etag");
        Duration wait = patience.firstPause();
        for (int attempt = 1; ; attempt++) {
            try {
                if (!attempt(from, to, part, tag, sha256.isEmpty())) {
                    return false;
                }
                break;
            } catch (IOException e) {
                if (attempt == patience.attempts()) {
                    throw new ArclightException(
                            ErrorCode.UNAVAILABLE,
                            "Cannot fetch %s after %d attempts: %s; what is there is kept, run again to go on"
                                    .formatted(from, attempt, e.getMessage()),
                            e);
                }
                Duration asked = e instanceof Again again ? again.after.orElse(wait) : wait;
                pause.pause(asked.compareTo(patience.longestPause()) > 0 ? patience.longestPause() : asked);
                wait = wait.multipliedBy(2);
            }
        }
        String found = Sha256.of(part);
        if (sha256.isPresent() && !sha256.get().equalsIgnoreCase(found)) {
            Files.delete(part);
            Files.deleteIfExists(tag);
            throw ArclightException.badInput(
                    "%s has SHA-256 %s, expected %s: it was changed or damaged".formatted(from, found, sha256.get()));
        }
        Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(tag);
        return true;
    }

    /**
     * False if the file is there already.
     *
     * @param bySize whether a file of the server's size is taken for the server's; not where a checksum tells
     */
    private boolean attempt(URI from, Path to, Path part, Path tag, boolean bySize)
            throws IOException, InterruptedException {
        long have = Files.exists(part) && Files.exists(tag) ? Files.size(part) : 0;
        HttpRequest.Builder request = HttpRequest.newBuilder(from)
                .timeout(patience.timeout())
                .header("User-Agent", "arclight")
                .GET();
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-").header("If-Range", Files.readString(tag));
        }
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            if (status == 429 || status >= 500) {
                Optional<Duration> after = response.headers()
                        .firstValue("Retry-After")
                        .filter(text -> text.matches("\\d{1,6}"))
                        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
                throw new Again("the server says " + status, after);
            }
            if (status == 404) {
                throw ArclightException.notFound("There is no %s on the server".formatted(from));
            }
            if (status == 401 || status == 403) {
                throw new ArclightException(ErrorCode.FORBIDDEN, "The server refuses %s (%d)".formatted(from, status));
            }
            if (status == 416) { // the part is longer than the file, or just as long: what it is, a new one tells
                Files.deleteIfExists(part);
                Files.deleteIfExists(tag);
                throw new Again("the server has no such range", Optional.empty());
            }
            if (status != 200 && status != 206) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "The server answers %s with %d".formatted(from, status));
            }
            boolean resumed = status == 206;
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            if (bySize && !resumed && length >= 0 && Files.exists(to) && Files.size(to) == length) {
                return false;
            }
            Optional<String> etag = response.headers().firstValue("ETag").filter(text -> !text.startsWith("W/"));
            if (etag.isPresent()) {
                Files.writeString(tag, etag.get());
            } else {
                Files.deleteIfExists(tag); // nothing to tell whether a rest belongs to what is there
            }
            long start = resumed ? have : 0;
            copy(body, part, resumed, start, length, from);
            if (length >= 0 && Files.size(part) != start + length) {
                throw new Again(
                        "it ended after %,d of %,d bytes".formatted(Files.size(part), start + length),
                        Optional.empty());
            }
            return true;
        }
    }

    private void copy(InputStream body, Path part, boolean resumed, long start, long length, URI from)
            throws IOException {
        String name = from.getPath().substring(from.getPath().lastIndexOf('/') + 1);
        try (Progress.Task task = progress.start(name, length < 0 ? 0 : Math.max(1, (start + length) >> 20), "MB");
                Watch watch = new Watch(body, patience.timeout());
                OutputStream out = Files.newOutputStream(
                        part,
                        StandardOpenOption.CREATE,
                        resumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[1 << 16];
            long done = start;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                watch.moved();
                out.write(buffer, 0, read);
                done += read;
                task.moveTo(done >> 20);
            }
            watch.requireMoving();
        }
    }

    /** Closes a body that stands still: the client's own time-out ends with the headers. */
    private static final class Watch implements AutoCloseable {
        private final InputStream body;
        private final Duration patience;
        private final Thread clock = new Thread(this::run, "arclight-download-watch");
        private volatile long last = System.nanoTime();
        private volatile boolean stalled;

        Watch(InputStream body, Duration patience) {
            this.body = body;
            this.patience = patience;
            clock.setDaemon(true);
            clock.start();
        }

        void moved() {
            last = System.nanoTime();
        }

        /** A body that is closed looks like one that has ended. */
        void requireMoving() throws IOException {
            if (stalled) {
                throw new Again("nothing came for %d s".formatted(patience.toSeconds()), Optional.empty());
            }
        }

        private void run() {
            try {
                long left = patience.toNanos();
                while (left > 0) {
                    TimeUnit.NANOSECONDS.sleep(left);
                    left = last + patience.toNanos() - System.nanoTime();
                }
                stalled = true;
                body.close();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt(); // the body has come
            } catch (IOException e) {
                stalled = true; // the reader has its own failure
            }
        }

        @Override
        public void close() {
            clock.interrupt();
        }
    }
}
