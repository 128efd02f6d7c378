package dev.arclight.ray.link;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * What an executor process says of itself when it is up. Crosses from worker to driver as text, because Ray's own
 * serialisation of objects wants the same classes on both sides.
 *
 * @param nodeAddress IP address of its node
 * @param pid process id on that node
 * @param javaVersion such as {@code 17.0.15}
 * @param rayVersion of the Ray that started it, or {@code unknown}
 * @param gpus ids of the GPUs that Ray gave it
 */
public record WorkerReport(String nodeAddress, long pid, String javaVersion, String rayVersion, List<String> gpus) {
    public WorkerReport {
        gpus = List.copyOf(gpus);
    }

    /** The Java feature version, such as 17. */
    public int javaFeature() {
        return Runtime.Version.parse(javaVersion).feature();
    }

    /** The form that {@link #parse} reads. */
    public String format() {
        Properties fields = new Properties();
        fields.setProperty("node", nodeAddress);
        fields.setProperty("pid", Long.toString(pid));
        fields.setProperty("java", javaVersion);
        fields.setProperty("ray", rayVersion);
        fields.setProperty("gpus", String.join(",", gpus));
        StringWriter out = new StringWriter();
        try {
            fields.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** Reads what {@link #format} wrote. */
    public static WorkerReport parse(String text) {
        Properties fields = new Properties();
        try {
            fields.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WorkerReport(
                fields.getProperty("node", ""),
                Long.parseLong(fields.getProperty("pid", "0")),
                fields.getProperty("java", "0"),
                fields.getProperty("ray", "unknown"),
                Arrays.stream(fields.getProperty("gpus", "").split(",", -1))
                        .filter(id -> !id.isEmpty())
                        .toList());
    }
}
