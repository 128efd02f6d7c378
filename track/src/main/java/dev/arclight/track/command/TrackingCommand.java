package dev.arclight.track.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.Role;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.util.concurrent.CountDownLatch;
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

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default: ${DEFAULT-VALUE}")
    private String host = "127.0.0.1";

    @Option(names = "--port", defaultValue = "5000", description = "0 for any free one; default: ${DEFAULT-VALUE}")
    private int port;

    @Option(names = "--store", paramLabel = "DIR", description = "The store. Default: as for arclight runs")
    private @Nullable String storeUri;

    @Override
    public int run(CommandContext context) throws InterruptedException {
        String uri = storeUri == null ? context.settings().text(StoreOption.SETTING, StoreOption.DEFAULT) : storeUri;
        CountDownLatch stopped = new CountDownLatch(1);
        try (Tracking tracking = Tracking.open(uri)) {
            WebServer.Builder builder = WebServer.builder().host(host).port(port);
            context.settings()
                    .find(TOKEN_SETTING)
                    .ifPresent(token -> builder.token(Token.of("admin", Role.ADMIN, token.text())));
            try (WebServer server = TrackingServer.addTo(builder, tracking).start();
                    var registration = context.cleanup().register(() -> {
                        server.close();
                        stopped.countDown();
                    })) {
                context.out().println("Tracking server on %s, store %s".formatted(server.uri(), tracking.uri()));
                context.out().println("MLFLOW_TRACKING_URI=" + server.uri());
                context.out().flush();
                stopped.await();
            }
        }
        return 0;
    }
}
