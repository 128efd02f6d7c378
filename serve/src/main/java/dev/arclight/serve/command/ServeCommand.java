package dev.arclight.serve.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.model.Model;
import dev.arclight.serve.ScoringServer;
import dev.arclight.track.Tracking;
import dev.arclight.web.Role;
import dev.arclight.web.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight serve}: scores over HTTP until Ctrl-C. */
@Command(
        name = "serve",
        description = {
            "Serve models over MLflow's scoring protocol until Ctrl-C.",
            "The first model answers /invocations, each one /models/NAME/invocations."
        })
public final class ServeCommand implements ArclightCommand {
    private static final int TOKEN_BYTES = 4096;

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL",
            description = "models:/name@alias, models:/name/version, or the directory of a model.")
    private List<String> models = List.of();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "5001",
            description = "0 picks a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen (default: ${DEFAULT-VALUE}); what others can reach needs --token-file.")
    private String host = "";

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds the token callers must send.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--tracking",
            paramLabel = "URI",
            description = "The store that models: is looked up in (setting arclight.tracking-uri).")
    private @Nullable String tracking;

    @Override
    public int run(CommandContext context) throws IOException {
        ScoringServer.Builder builder = ScoringServer.builder().host(host).port(port);
        if (tokenFile != null) {
            builder.token(Token.of("token file", Role.ADMIN, token(tokenFile)));
        }
        Tracking store = null;
        try {
            for (String uri : models) {
                if (!uri.toLowerCase(Locale.ROOT).startsWith("models:")) {
                    Path directory = Path.of(uri);
                    builder.model(nameOf(directory), Model.load(directory));
                    continue;
                }
                if (store == null) {
                    store = Tracking.openExisting(
                            tracking == null
                                    ? context.settings().text("arclight.tracking-uri", "arclight-out/tracking")
                                    : tracking);
                }
                builder.registered(store, uri);
            }
            serve(builder, context);
        } finally {
            if (store != null) {
                store.close();
            }
        }
        return 0;
    }

    private void serve(ScoringServer.Builder builder, CommandContext context) {
        try (ScoringServer server = builder.start()) {
            context.out().printf("Serving %s at %s (Ctrl-C stops)%n", String.join(", ", models), server.uri());
            context.out().flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            context.err().println("arclight: the server is stopped");
        }
    }

    private static String nameOf(Path directory) {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return name == null ? "model" : name.toString();
    }

    private static String token(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > TOKEN_BYTES) {
            throw ArclightException.badInput(
                    "%s is no token file: expected one line of at most %d bytes".formatted(file, TOKEN_BYTES));
        }
        String secret = Files.readString(file).strip();
        try {
            Token.of("token file", Role.ADMIN, secret);
        } catch (IllegalArgumentException e) {
            throw new ArclightException(
                    dev.arclight.base.ErrorCode.BAD_INPUT, "%s: %s".formatted(file, e.getMessage()), e);
        }
        return secret;
    }
}
