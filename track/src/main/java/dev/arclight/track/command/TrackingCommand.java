package dev.arclight.track.command;

import dev.arclight.base.Cleanup;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.Role;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code arclight tracking}: the tracking server. */
@Command(
        name = "tracking",
        description = "Serves a tracking store over MLflow's REST API until Ctrl-C. Elsewhere than on loopback it needs"
                + " a token in the environment: ARCLIGHT_TRACKING_TOKEN.")
public final class TrackingCommand implements ArclightCommand {
    static final String TOKEN_SETTING = "arclight.tracking-token";

    private static final long STOP_SECONDS = 20;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default: ${DEFAULT-VALUE}")
    private String host = "127.0.0.1";

    @Option(names = "--port", defaultValue = "5000", description = "0 for any free one; default: ${DEFAULT-VALUE}")
    private int port;

    @Option(names = "--store", paramLabel = "DIR", description = "The store. Default: as for arclight runs")
    private @Nullable String storeUri;

    @Override
    public int run(CommandContext context) throws InterruptedException {
        String uri = storeUri == null ? context.settings().text(StoreOption.SETTING, StoreOption.DEFAULT) : storeUri;
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Cleanup.Registration onInterrupt = context.cleanup().register(() -> {
            stop.countDown();
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The server did not stop within %d s".formatted(STOP_SECONDS));
            }
        });
        try (Tracking tracking = Tracking.open(uri);
                WebServer server =
                        TrackingServer.addTo(builder(context), tracking).start()) {
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

    private WebServer.Builder builder(CommandContext context) {
        WebServer.Builder builder = WebServer.builder().host(host).port(port);
        context.settings()
                .find(TOKEN_SETTING)
                .ifPresent(token -> builder.token(Token.of("admin", Role.ADMIN, token.text())));
        return builder;
    }
}
