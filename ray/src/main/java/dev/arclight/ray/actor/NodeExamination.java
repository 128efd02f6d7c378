package dev.arclight.ray.actor;

import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.Examination;
import dev.arclight.ray.link.RayNode;
import io.ray.api.ObjectRef;
import io.ray.api.Ray;
import io.ray.api.exception.RayException;
import io.ray.api.function.PyFunction;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Starts an executor's JVM on the nodes, by Python, which Ray has everywhere. Ray itself tries again and again to start
 * a worker that cannot start, and tells its caller nothing.
 */
final class NodeExamination {
    private static final int MOST_NODES = 8;
    private static final int LOOK_MILLIS = 200;
    /** A node has 1 of the resource that bears its address. */
    private static final double THERE = 0.001;

    private NodeExamination() {}

    static Examination of(List<RayNode> able, ActorRequest request, Duration atMost) {
        String expression = PythonText.expression(source().replace("PROGRAM", StartCheck.class.getName())
                .replace("OPTIONS", PythonText.digits(String.join("\0", request.jvmOptions())))
                .replace("FILES", PythonText.digits(String.join("\0", filesOfHere(request)))));
        Map<RayNode, ObjectRef<String>> asked = new LinkedHashMap<>();
        for (RayNode node : able.subList(0, Math.min(MOST_NODES, able.size()))) {
            asked.put(
                    node,
                    Ray.task(PyFunction.of("builtins", "eval", String.class), expression)
                            .setResource("node:" + node.address(), THERE)
                            .remote());
        }
        long end = System.nanoTime() + atMost.toNanos();
        List<String> troubles = new ArrayList<>();
        asked.forEach((node, answer) -> {
            String trouble = trouble(answer, end);
            if (!trouble.isEmpty()) {
                troubles.add("node %s %s".formatted(node.address(), trouble));
            }
        });
        return new Examination(able.size(), asked.size(), troubles);
    }

    /**
     * What a node said; empty for no trouble, no word in time, or a node that has gone. In small waits, because a
     * thread that waits in Ray hears no interrupt, and Ray crashes the process if it is left meanwhile.
     */
    private static String trouble(ObjectRef<String> answer, long end) {
        try {
            while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                if (!Ray.wait(List.of(answer), 1, LOOK_MILLIS).getReady().isEmpty()) {
                    return Ray.get(answer);
                }
            }
        } catch (RayException e) {
            return ""; // the node has gone: nothing is known of its JVM
        }
        return "";
    }

    /** Of the class path, what is a file or folder on this machine: so it should be one there. */
    private static List<String> filesOfHere(ActorRequest request) {
        int classPath = request.jvmOptions().indexOf("-cp");
        return classPath < 0
                ? List.of()
                : Stream.of(request.jvmOptions().get(classPath + 1).split(File.pathSeparator, -1))
                        .filter(entry -> !entry.isEmpty() && Files.exists(Path.of(entry)))
                        .toList();
    }

    private static String source() {
        try (InputStream in = NodeExamination.class.getResourceAsStream("examine.py")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
