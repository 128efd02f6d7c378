package dev.arclight.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Microsoft's emulator of Azure Storage, with accounts of our own. It has no Data Lake endpoint and no hierarchical
 * namespace: ABFS talks to its Blob endpoint, as it does with accounts without one.
 */
public final class Azurite implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path folder;
    private final int port;

    private Azurite(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Two keys, as each storage account has: the second is for the time in which the first is replaced. */
    public record Keys(String first, String second) {
        static Keys of(String account) {
            return new Keys(key(account + "-first"), key(account + "-second"));
        }

        private static String key(String text) {
            return Base64.getEncoder().encodeToString(text.repeat(8).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Starts it with {@code accounts}, each empty. */
    public static Azurite start(String... accounts) {
        Map<String, Keys> keys = new LinkedHashMap<>();
        for (String account : accounts) {
            keys.put(account, Keys.of(account));
        }
        NodePackage node = NodePackage.open("azurite");
        try {
            Path folder = Files.createTempDirectory("arclight-azurite");
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            ProcessBuilder builder = new ProcessBuilder(
                            node.program("azurite-blob").toString(),
                            "--blobHost",
                            "127.0.0.1",
                            "--blobPort",
                            String.valueOf(port),
                            "--location",
                            folder.toString(),
                            "--skipApiVersionCheck",
                            "--disableTelemetry",
                            "--silent")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("azurite.log").toFile());
            builder.environment()
                    .put(
                            "AZURITE_ACCOUNTS",
                            keys.entrySet().stream()
                                    .map(entry -> entry.getKey() + ":"
                                            + entry.getValue().first() + ":"
                                            + entry.getValue().second())
                                    .collect(Collectors.joining(";")));
            Azurite azurite = new Azurite(builder.start(), folder, port);
            Await.until("Azurite listens", PATIENCE, azurite::listens);
            return azurite;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An account's keys. */
    public static Keys keys(String account) {
        return Keys.of(account);
    }

    /** Where it listens. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** What ABFS must be told to talk to it, Hadoop's settings; the containers are made on first use. */
    public Map<String, String> settings() {
        return Map.of(
                "fs.azure.abfs.endpoint", address(),
                "fs.azure.always.use.https", "false",
                "fs.azure.networking.library", "JDK_HTTP_URL_CONNECTION",
                "fs.azure.fns.account.service.type", "BLOB",
                "fs.azure.ingress.service.type", "BLOB",
                "fs.azure.account.hns.enabled", "false",
                "fs.azure.createRemoteFileSystemDuringInitialization", "true");
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("Azurite ended with " + process.exitValue() + ", see " + folder);
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = process.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
