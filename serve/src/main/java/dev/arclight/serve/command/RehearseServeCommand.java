package dev.arclight.serve.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.model.DataType;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.Model;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.model.xgboost.TreeNode;
import dev.arclight.model.xgboost.XGBoostFile;
import dev.arclight.serve.ScoringServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * Serves a small model in a temporary folder and sends it one request, so that the launcher can archive the classes of
 * {@code arclight serve} (see decision 032).
 */
@Command(name = "rehearse-serve", hidden = true, description = "Load the classes that 'arclight serve' needs.")
public final class RehearseServeCommand implements ArclightCommand {
    private static final int TIMEOUT_MILLIS = 20_000;

    @Override
    public int run(CommandContext context) throws IOException {
        Path folder = Files.createTempDirectory("arclight-rehearsal");
        Cleanup.Registration registration = context.cleanup().register(() -> AtomicFiles.deleteTree(folder));
        try (ScoringServer server = ScoringServer.builder()
                .model("rehearsal", model(folder.resolve("rehearsal")))
                .start()) {
            request(server.uri());
        } finally {
            registration.close();
            AtomicFiles.deleteTree(folder);
        }
        return 0;
    }

    private static Model model(Path directory) {
        List<String> names = List.of("a", "b");
        TreeNode tree = new TreeNode.Split(0, 0, true, new TreeNode.Leaf(1), new TreeNode.Leaf(2));
        XGBoostFile file = XGBoostFile.ofTrees("reg:squarederror", names, 0, List.of(tree));
        ModelWriter.xgboost(
                        file,
                        Signature.table(names, DataType.DOUBLE, 1),
                        GoldenRows.of(1, new float[] {-1, 0}, 2, new float[] {1}, 1))
                .write(directory);
        return Model.load(directory);
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
