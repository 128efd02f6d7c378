package dev.arclight.engine;

import dev.arclight.base.ArclightException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a session's executors run: one grammar for every command and the Java API.
 *
 * <table>
 * <caption>The grammar</caption>
 * <tr><th>text</th><th>engine</th></tr>
 * <tr><td>{@code local}, {@code local[4]}, {@code local[*]}</td><td>threads of this JVM</td></tr>
 * <tr><td>{@code spark://HOST:PORT[,HOST:PORT]}</td><td>Spark standalone</td></tr>
 * <tr><td>{@code yarn}</td><td>the Hadoop cluster of {@code HADOOP_CONF_DIR}</td></tr>
 * <tr><td>{@code k8s://URL}</td><td>Kubernetes</td></tr>
 * <tr><td>{@code ray}</td><td>the Ray cluster of {@code RAY_ADDRESS}, else the one running on this machine</td></tr>
 * <tr><td>{@code ray:HOST:PORT}</td><td>the Ray cluster whose GCS listens there</td></tr>
 * <tr><td>{@code ray:local}</td><td>a Ray cluster started here and stopped at the end</td></tr>
 * <tr><td>{@code aml}, {@code aml-serverless}, {@code synapse}, {@code dataproc}, {@code dataproc-serverless}, {@code
 * databricks}</td><td>a cloud's service, which runs the driver too: for {@code arclight submit} only</td></tr>
 * </table>
 */
public sealed interface Master {
    /**
     * Threads of this JVM.
     *
     * @param threads at least 1
     */
    record Local(int threads) implements Master {
        public Local {
            if (threads < 1) {
                throw new IllegalArgumentException("threads=" + threads + ", expected at least 1");
            }
        }

        @Override
        public String text() {
            return "local[" + threads + "]";
        }
    }

    /** A master that Spark itself connects to; {@code text} is passed on unchanged. */
    record Native(String text) implements Master {}

    /** Ray executors; the engine of module {@code ray}. */
    record Ray(RayCluster cluster) implements Master {
        @Override
        public String text() {
            return cluster instanceof RayCluster.At at
                    ? "ray:" + at.host() + ":" + at.port()
                    : cluster instanceof RayCluster.StartedHere ? "ray:local" : "ray";
        }
    }

    /**
     * A cloud's service. It starts driver and executors together, so that no session of this process can have it as its
     * master; in the driver that it starts, the master is one of the others.
     *
     * @param text one of {@link #NAMES}
     */
    record Platform(String text) implements Master {
        static final Set<String> NAMES =
                Set.of("aml", "aml-serverless", "synapse", "dataproc", "dataproc-serverless", "databricks");

        public Platform {
            if (!NAMES.contains(text)) {
                throw new IllegalArgumentException("text='" + text + "', expected one of " + NAMES);
            }
        }
    }

    /** Which Ray cluster. */
    sealed interface RayCluster {
        /** The one that {@code RAY_ADDRESS} names, else the one running on this machine. */
        record Found() implements RayCluster {}

        /** The one whose GCS listens at this address. */
        record At(String host, int port) implements RayCluster {}

        /** One started for the session on this machine, and stopped with it. */
        record StartedHere() implements RayCluster {}
    }

    /** The canonical text: {@link #of} gives an equal master back. */
    String text();

    /**
     * Parses a master.
     *
     * @throws ArclightException BAD_INPUT, naming what was seen and what is accepted
     */
    static Master of(String text) {
        return MasterGrammar.parse(text.strip());
    }

    /** The parser, apart so that the interface stays readable. */
    final class MasterGrammar {
        private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)])?");
        private static final Pattern RAY_AT = Pattern.compile("ray:([^:/\\[\\]]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})");
        private static final Pattern SPARK = Pattern.compile("spark://[^/\\s:]+:PORT(,[^/\\s:]+:PORT)*"
                .replace("PORT", "0*(\\d{1,4}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])"));

        private MasterGrammar() {}

        private static Master parse(String text) {
            Master master = match(text);
            if (master != null) {
                return master;
            }
            String lower = text.toLowerCase(Locale.ROOT);
            Master meant = lower.equals(text) ? null : match(lower);
            throw refuse(
                    text,
                    meant != null
                            ? "did you mean " + meant.text() + "?"
                            : "expected local[N], local[*], spark://HOST:PORT, yarn, k8s://URL, ray, ray:HOST:PORT,"
                                    + " ray:local or, to submit, " + String.join(", ", new TreeSet<>(Platform.NAMES)));
        }

        private static @Nullable Master match(String text) {
            Matcher local = LOCAL.matcher(text);
            if (local.matches()) {
                return local(text, local.group(1));
            }
            if (text.equals("ray")) {
                return new Ray(new RayCluster.Found());
            }
            if (text.equals("ray:local")) {
                return new Ray(new RayCluster.StartedHere());
            }
            if (Platform.NAMES.contains(text)) {
                return new Platform(text);
            }
            if (text.startsWith("ray://")) {
                throw refuse(
                        text,
                        "ray:// is the address of a Ray Client, which cannot run executors; use ray:HOST:PORT with the"
                                + " port of the cluster's GCS (6379 unless it was changed)");
            }
            Matcher at = RAY_AT.matcher(text);
            if (at.matches() && Integer.parseInt(at.group(2)) <= 65535) {
                return new Ray(new RayCluster.At(at.group(1), Integer.parseInt(at.group(2))));
            }
            boolean sparksOwn = SPARK.matcher(text).matches() || text.equals("yarn") || text.startsWith("k8s://");
            return sparksOwn ? new Native(text) : null;
        }

        private static Master local(String text, @Nullable String threads) {
            if (threads == null) {
                return new Local(1);
            }
            if (threads.equals("*")) {
                return new Local(Runtime.getRuntime().availableProcessors());
            }
            if (threads.length() > 4 || Integer.parseInt(threads) < 1) {
                throw refuse(text, "the number of threads is 1 to 9999 or *");
            }
            return new Local(Integer.parseInt(threads));
        }

        private static ArclightException refuse(String text, String why) {
            return ArclightException.badInput("Master '%s': %s".formatted(text, why));
        }
    }
}
