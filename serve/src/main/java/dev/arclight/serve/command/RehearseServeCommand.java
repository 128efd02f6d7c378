package dev.arclight.serve.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.model.DataType;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.model.xgboost.TreeNode;
import dev.arclight.model.xgboost.XGBoostFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

/**
 * Serves a small model in a temporary folder and sends it one request, so that the launcher can archive the classes of
 * {@code arclight serve} (see decision 032).
 */
@Command(name = "rehearse-serve", hidden = true, description = "Load the classes that 'arclight serve' needs.")
public final class RehearseServeCommand implements ArclightCommand {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final float LOGISTIC_OF_1 = 0.7310586f;
    private static final Pattern ADDRESS = Pattern.compile("http://[0-9.:]+");

    @Override
    public int run(CommandContext context) throws IOException {
        Path folder = Files.createTempDirectory("arclight-rehearsal");
        Cleanup.Registration registration = context.cleanup().register(() -> AtomicFiles.deleteTree(folder));
        try {
            serve(model(folder.resolve("rehearsal")), context);
        } finally {
            registration.close();
            AtomicFiles.deleteTree(folder);
        }
        return 0;
    }

    /** As a user's command does, up to the answer to one request. */
    private static void serve(Path model, CommandContext context) throws IOException {
        ServeCommand command = new ServeCommand();
        if (!command.takes(List.of(model.toString(), "--port", "0"))) {
            throw new IllegalStateException("The command does not take " + model);
        }
        PipedWriter said = new PipedWriter();
        BufferedReader lines = new BufferedReader(new PipedReader(said));
        CommandContext own = new CommandContext(
                new PrintWriter(said), context.err(), context.progress(), context.settings(), context.cleanup(), false);
        FutureTask<Integer> running = new FutureTask<>(() -> {
            try {
                return command.run(own);
            } finally {
                own.out().close(); // ends the reading below
            }
        });
        Thread thread = new Thread(running, "arclight-rehearsal");
        thread.setDaemon(true);
        thread.start();
        String line = lines.readLine(); // null where the command ended without serving
        Matcher address = ADDRESS.matcher(line == null ? "" : line);
        if (!address.find()) {
            throw new ArclightException(ErrorCode.INTERNAL, "The rehearsal's server did not start: " + line);
        }
        request(URI.create(address.group()));
        thread.interrupt();
        try {
            running.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new ArclightException(ErrorCode.INTERNAL, "The rehearsal's server did not stop: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path model(Path directory) {
        List<String> names = List.of("a", "b");
        TreeNode tree = new TreeNode.Split(0, 0, true, new TreeNode.Leaf(1), new TreeNode.Leaf(2));
        XGBoostFile file = XGBoostFile.ofTrees("binary:logistic", names, 0.5f, List.of(tree));
        ModelWriter.xgboost(
                        file,
                        Signature.table(names, DataType.DOUBLE, 1),
                        GoldenRows.of(1, new float[] {-1, 0}, 2, new float[] {LOGISTIC_OF_1}, 1))
                .write(directory);
        return directory;
    }

    private static void request(URI server) throws IOException {
        byte[] body = "{\"dataframe_split\": {\"columns\": [\"a\", \"b\"], \"data\": [[0.5, 1]]}}"
                .getBytes(StandardCharsets.UTF_8);
        String head =
                "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                        .formatted(body.length);
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new ArclightException(
                        ErrorCode.INTERNAL,
                        "The rehearsal's request was answered: "
                                + answer.lines().findFirst().orElse(""));
            }
        }
    }
}
