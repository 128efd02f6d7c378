package dev.arclight.serve.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.model.Model;
import dev.arclight.serve.Decision;
import dev.arclight.serve.ScoringServer;
import dev.arclight.track.Tracking;
import dev.arclight.web.Role;
import dev.arclight.web.Token;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final int SECRET_BYTES = 4096;
    private static final String PORT = "5001";
    private static final String HOST = "127.0.0.1";
    private static final String SHARE = "1";

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL",
            description = {
                "models:/name@alias, models:/name/version, or the directory of a model.",
                "models:/name@champion=95,challenger=5 gives 5 of 100 requests to the challenger."
            })
    private List<String> models = List.of();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = PORT,
            description = "0 picks a free one (default: ${DEFAULT-VALUE}).")
    private int port = Integer.parseInt(PORT);

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = HOST,
            description = "Where to listen (default: ${DEFAULT-VALUE}); what others can reach needs --token-file.")
    private String host = HOST;

    @Option(
            names = "--known-as",
            paramLabel = "HOST",
            description = "A further name that callers reach it by, such as that of a Kubernetes service.")
    private List<String> names = List.of();

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds the token callers must send.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--shadow",
            paramLabel = "MODEL",
            description =
                    "models:/name@alias: predicts beside NAME without answering; /metrics says where they disagree.")
    private List<String> shadows = List.of();

    @Option(
            names = "--threshold",
            paramLabel = "NAME=SCORE",
            description = "Answers of NAME also have labels: 1 from this score on, else 0.")
    private Map<String, Double> thresholds = Map.of();

    @Option(
            names = "--costs",
            paramLabel = "NAME=FP:FN",
            description = "As --threshold, from what a false positive and a false negative cost.")
    private Map<String, String> costs = Map.of();

    @Option(
            names = "--log-requests",
            paramLabel = "FOLDER",
            description = "Keep requests and answers as Parquet files for later training.")
    private @Nullable Path log;

    @Option(
            names = "--log-share",
            paramLabel = "SHARE",
            defaultValue = SHARE,
            description = "Of the requests that --log-requests keeps (default: ${DEFAULT-VALUE}).")
    private double logShare = Double.parseDouble(SHARE);

    @Option(
            names = "--reference",
            paramLabel = "NAME=FILE",
            description =
                    "Rows that NAME was trained on (CSV, .parquet): /metrics says how far requests are from them.")
    private Map<String, Path> references = Map.of();

    @Option(names = "--tls-certificate", paramLabel = "FILE", description = "PEM: the server's, then its issuers'.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM: PKCS#8, not encrypted.")
    private @Nullable Path key;

    @Option(
            names = "--tracking",
            paramLabel = "URI",
            description = "The store that models: is looked up in (setting arclight.tracking-uri).")
    private @Nullable String tracking;

    /** {@code MODEL ... [--port PORT]}; everything else is picocli's. */
    @Override
    public boolean takes(List<String> arguments) {
        List<String> named = new ArrayList<>();
        int given = -1;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--port") && given < 0 && i + 1 < arguments.size()) {
                given = number(arguments.get(++i));
                if (given < 0) {
                    return false;
                }
            } else if (argument.isEmpty() || argument.startsWith("-") || argument.startsWith("@")) {
                return false;
            } else {
                named.add(argument);
            }
        }
        if (named.isEmpty()) {
            return false;
        }
        models = named;
        port = given < 0 ? port : given;
        return true;
    }

    /** The number, or -1 if this is none of at most five digits. */
    private static int number(String text) {
        if (text.isEmpty() || text.length() > 5) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            value = 10 * value + digit - '0';
        }
        return value;
    }

    @Override
    public void prepare() {
        WebServer.prepare();
    }

    @Override
    public int run(CommandContext context) throws IOException {
        ScoringServer.Builder builder = ScoringServer.builder().host(host).port(port);
        names.forEach(builder::name);
        if (tokenFile != null) {
            builder.token(Token.of("token file", Role.ADMIN, token(tokenFile)));
        }
        if ((certificate == null) != (key == null)) {
            throw ArclightException.badInput("--tls-certificate and --tls-key go together; only one is given");
        }
        if (certificate != null && key != null) {
            builder.tls(certificate, key);
        }
        try (Stores stores = new Stores(tracking, context)) {
            for (String uri : models) {
                if (uri.toLowerCase(Locale.ROOT).startsWith("models:")) {
                    builder.registered(stores.open(), uri);
                } else {
                    Path directory = Path.of(uri);
                    builder.model(nameOf(directory), Model.load(directory));
                }
            }
            for (String uri : shadows) {
                builder.shadow(stores.open(), uri);
            }
            thresholds.forEach((name, score) -> builder.decision(name, new Decision(score)));
            costs.forEach((name, pair) -> builder.decision(name, decision(name, pair)));
            if (log != null) {
                builder.requestLog(log, logShare);
            }
            references.forEach(builder::reference);
            serve(builder, context);
        }
        return 0;
    }

    private static Decision decision(String name, String costs) {
        String[] pair = costs.split(":", -1);
        try {
            if (pair.length == 2) {
                return Decision.ofCosts(Double.parseDouble(pair[0]), Double.parseDouble(pair[1]));
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ArclightException.badInput(
                "--costs %s=%s: expected NAME=FP:FN, such as wine-quality=1:5".formatted(name, costs));
    }

    /** The store that {@code models:} is looked up in, opened when first needed. */
    private static final class Stores implements AutoCloseable {
        private final @Nullable String given;
        private final CommandContext context;
        private @Nullable Tracking store;

        Stores(@Nullable String given, CommandContext context) {
            this.given = given;
            this.context = context;
        }

        Tracking open() {
            Tracking opened = store;
            if (opened == null) {
                opened = Tracking.openExisting(
                        given == null
                                ? context.settings().text("arclight.tracking-uri", "arclight-out/tracking")
                                : given);
                store = opened;
            }
            return opened;
        }

        @Override
        public void close() {
            if (store != null) {
                store.close();
            }
        }
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
        String secret = line(file, "token");
        try {
            Token.of("token file", Role.ADMIN, secret);
        } catch (IllegalArgumentException e) {
            throw new ArclightException(ErrorCode.BAD_INPUT, "%s: %s".formatted(file, e.getMessage()), e);
        }
        return secret;
    }

    private static String line(Path file, String what) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > SECRET_BYTES) {
            throw ArclightException.badInput(
                    "%s is no %s file: expected one line of at most %d bytes".formatted(file, what, SECRET_BYTES));
        }
        return Files.readString(file).strip();
    }
}
