package dev.arclight.track.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.Limits;
import dev.arclight.web.Role;
import dev.arclight.web.Token;
import dev.arclight.web.TokenFile;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code arclight tracking}: the tracking server. */
@Command(
        name = "tracking",
        description =
                "Serves a tracking store, with pages for people and MLflow's REST API, until Ctrl-C. Elsewhere than"
                        + " on loopback callers need a token: the first start makes one with all rights and prints it once;"
                        + " 'arclight tracking token' makes more.",
        subcommands = {TrackingArtifactsCommand.class, TrackingImportCommand.class, TrackingTokenCommand.class})
public final class TrackingCommand implements ArclightCommand {
    static final String TOKEN_SETTING = "arclight.tracking-token";

    private static final long STOP_SECONDS = 20;
    private static final int CONNECTIONS = 10_000;
    private static final int WORKERS = 16;
    private static final int WAITING = 1000;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default: ${DEFAULT-VALUE}")
    private String host = "127.0.0.1";

    @Option(names = "--port", defaultValue = "5000", description = "0 for any free one; default: ${DEFAULT-VALUE}")
    private int port;

    @Option(names = "--store", paramLabel = "DIR", description = "The store. Default: as for arclight runs")
    private @Nullable String storeUri;

    @Option(
            names = "--artifacts",
            paramLabel = "URI",
            description = "Where files of runs and models go: a folder, or a folder of a file system that Hadoop"
                    + " reaches, such as hdfs://host/folder. The store keeps it. Default: where they went before, at"
                    + " first in the store's folder")
    private @Nullable String artifacts;

    @Option(names = "--name", paramLabel = "HOST", description = "A further name that callers use; may be repeated")
    private final List<String> names = new ArrayList<>();

    @Option(names = "--tls-certificate", paramLabel = "FILE", description = "PEM: the server's, then its issuers'")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM: PKCS#8, not encrypted")
    private @Nullable Path key;

    @Option(names = "--plain-http", description = "No TLS although others can reach it: a proxy before it has it")
    private boolean plain;

    @Option(names = "--tokens", paramLabel = "FILE", description = "Default: the file tokens in the store's folder")
    private @Nullable Path tokens;

    @Override
    public int run(CommandContext context) throws IOException, InterruptedException {
        String uri = storeUri == null ? context.settings().text(StoreOption.SETTING, StoreOption.DEFAULT) : storeUri;
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Cleanup.Registration onInterrupt = context.cleanup().register(() -> {
            stop.countDown();
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The server did not stop within %d s".formatted(STOP_SECONDS));
            }
        });
        try (Tracking tracking = artifacts == null ? Tracking.open(uri) : Tracking.open(uri, artifacts);
                WebServer server = TrackingServer.addTo(builder(context, tracking), tracking)
                        .start()) {
            context.out().println("Tracking server on %s, store %s".formatted(server.uri(), tracking.uri()));
            context.out().println("MLFLOW_TRACKING_URI=" + server.uri());
            context.out().flush();
            stop.await();
        } finally {
            ended.countDown();
            onInterrupt.close();
        }
        return 0;
    }

    private WebServer.Builder builder(CommandContext context, Tracking tracking) throws IOException {
        WebServer.Builder builder = WebServer.builder()
                .host(host)
                .port(port)
                .limits(Limits.standard().withConnections(CONNECTIONS).withConcurrency(WORKERS, WAITING));
        names.forEach(builder::name);
        boolean loopback = isLoopback();
        if (certificate != null && key != null) {
            builder.tls(certificate, key);
        } else if (certificate != null || key != null) {
            throw ArclightException.badInput("--tls-certificate and --tls-key go together; only one is given");
        } else if (!loopback && !plain) {
            throw ArclightException.badInput(
                    "Others can reach %s, and without TLS they could read tokens on their way: give --tls-certificate and --tls-key, or --plain-http if a proxy before this server speaks TLS"
                            .formatted(host));
        }
        context.settings()
                .find(TOKEN_SETTING)
                .ifPresent(token -> builder.token(Token.of("admin", Role.ADMIN, token.text())));
        boolean isFolder = Files.isDirectory(Path.of(tracking.uri()));
        if (tokens == null && !isFolder) {
            if (!loopback && context.settings().find(TOKEN_SETTING).isEmpty()) {
                throw ArclightException.badInput(
                        "A store that is no folder has no file of tokens, and others can reach %s: give --tokens FILE"
                                .formatted(host));
            }
            return builder;
        }
        TokenFile file = new TokenFile(tokens == null ? Path.of(tracking.uri(), "tokens") : tokens);
        if (!loopback
                && file.tokens().isEmpty()
                && context.settings().find(TOKEN_SETTING).isEmpty()) {
            String secret = file.add("admin", Role.ADMIN);
            context.out().println("A token with all rights, shown this once and kept nowhere: " + secret);
            context.out()
                    .println("Clients take it from the environment: MLFLOW_TRACKING_TOKEN. People sign in with it.");
        }
        return builder.tokens(file);
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ArclightException(
                    dev.arclight.base.ErrorCode.BAD_INPUT, "There is no address '%s' to listen on".formatted(host), e);
        }
    }
}
