package dev.arclight.ray.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.testing.Needs;
import dev.arclight.testing.RayCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Python process of its own on the cluster, with our package: {@code exchange.py}, which is told what to do line by
 * line, so that Python and Ray are started once for many tests.
 */
final class PythonSide implements AutoCloseable {
    private static final long ANSWER_SECONDS = 180;
    private static final String END = "FAILED: Python has ended";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private PythonSide(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "python-side");
        reader.setDaemon(true);
        reader.start();
    }

    static PythonSide start(RayCluster cluster) {
        try {
            Path script = Path.of(Objects.requireNonNull(PythonSide.class.getResource("/python/exchange.py"))
                    .toURI());
            ProcessBuilder builder = new ProcessBuilder(
                            cluster.python().python().toString(), script.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(cluster.environment());
            builder.environment()
                    .put("PYTHONPATH", Needs.root().resolve("python/src").toString());
            builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
            builder.environment().put("RAY_DATA_DISABLE_PROGRESS_BARS", "1");
            return new PythonSide(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(e.toString());
        }
        lines.add(END);
    }

    /** Calls a function of the script; the lines it printed. */
    List<String> ask(String function, String... arguments) {
        List<String> call = new ArrayList<>(List.of(function));
        call.addAll(List.of(arguments));
        List<String> answer = new ArrayList<>();
        try {
            process.getOutputStream().write((JSON.writeValueAsString(call) + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            while (true) {
                @Nullable String line = lines.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
                if (line == null || line.startsWith("FAILED")) {
                    throw new AssertionError("Python, asked for %s:\n%s\n%s"
                            .formatted(call, String.join("\n", answer), line == null ? "no answer" : line));
                } else if (line.equals("DONE")) {
                    return answer;
                }
                answer.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while Python worked on " + call, e);
        }
    }

    /** The number that a function prints after {@code word}. */
    long number(String word, String function, String... arguments) {
        return numbers(word, function, arguments).findFirst().orElseThrow().longValue();
    }

    /** The first number of each line that begins with {@code word}. */
    Stream<Double> numbers(String word, String function, String... arguments) {
        return ask(function, arguments).stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> Double.valueOf(line.split(" ", -1)[1]));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
