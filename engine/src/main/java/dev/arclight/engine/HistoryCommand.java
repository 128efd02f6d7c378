package dev.arclight.engine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight history}: Spark's own history server over the event logs that {@code --ui} keeps. */
@Command(
        name = "history",
        description = {"Show what past sessions that ran with --ui did: Spark's history server, until Ctrl-C.", ""},
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class HistoryCommand implements ArclightCommand {
    private static final int PATIENCE_SECONDS = 60;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "18080", description = "Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--events", paramLabel = "DIR", description = "Folder of event logs (default: that of --ui).")
    private @Nullable Path events;

    @Spec
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) throws Exception {
        Path folder = events != null ? events : EventLogs.folder(System.getenv());
        if (!Files.isDirectory(folder)) {
            throw ArclightException.notFound(
                    "There are no event logs in %s: run a command with --ui first".formatted(folder));
        }
        if (port < 1 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port is %d, expected 1 to 65535".formatted(port));
        }
        if (listens()) { // it would take the next one, and we would show somebody else's page
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Port %d is taken: stop what listens there, or name another one by --port".formatted(port));
        }
        Path log = Files.createTempFile("arclight-history", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmOptions.all());
        command.add("-Dspark.history.fs.logDirectory=" + folder.toUri());
        command.add("-Dspark.history.ui.port=" + port);
        command.add("-Dspark.port.maxRetries=0");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("org.apache.spark.deploy.history.HistoryServer");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1"); // where it listens
        Process server = builder.start();
        Cleanup.Registration onStop = context.cleanup().register(server::destroy);
        try {
            awaitListening(server, log);
            context.out().printf("History: http://127.0.0.1:%d/ until Ctrl-C%n", port);
            context.out().flush();
            return server.waitFor() == 0 ? 0 : 1;
        } finally {
            onStop.close();
            server.destroy();
            Files.deleteIfExists(log);
        }
    }

    private void awaitListening(Process server, Path log) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!listens()) {
            if (server.waitFor(200, TimeUnit.MILLISECONDS)) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The history server ended while it started: "
                                + Files.readString(log)
                                        .lines()
                                        .filter(line -> line.contains("Exception"))
                                        .findFirst()
                                        .orElse("it said nothing"));
            }
            if (System.nanoTime() > deadline) {
                throw new ArclightException(
                        ErrorCode.TIMEOUT,
                        "The history server does not listen on port %d after %d s".formatted(port, PATIENCE_SECONDS));
            }
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }
}
