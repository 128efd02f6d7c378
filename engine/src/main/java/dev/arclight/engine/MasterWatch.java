package dev.arclight.engine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.standalone.StandaloneCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext;

/**
 * Says early and plainly what Spark says late or never about a standalone master: that nobody listens there, or that it
 * gives no executors ("initial job has not accepted any resources").
 */
final class MasterWatch {
    private static final int CONNECT_MILLIS = 3_000;

    private MasterWatch() {}

    /**
     * Refuses a standalone master that does not listen; other masters pass.
     *
     * @throws ArclightException UNAVAILABLE
     */
    static void requireListening(Master master) {
        if (!master.text().startsWith("spark://")) {
            return;
        }
        IOException last = null;
        for (String address : master.text().substring("spark://".length()).split(",", -1)) {
            int colon = address.lastIndexOf(':');
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(
                                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                        CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new ArclightException(
                ErrorCode.UNAVAILABLE,
                "No Spark master listens at %s: start it, or see 'arclight cluster status' for its address"
                        .formatted(master.text()),
                last);
    }

    /** Tells the user, once, if no executor has come within {@code patience}. Ends with the session. */
    static void watchExecutors(SparkContext context, Master master, Progress progress, Duration patience) {
        if (!master.text().startsWith("spark://")) {
            return;
        }
        Thread thread = new Thread(() -> watch(context, master, progress, patience), "arclight-master-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void watch(SparkContext context, Master master, Progress progress, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!context.isStopped()) {
            if (context.statusTracker().getExecutorInfos().length > 1) { // the driver is one
                return;
            }
            if (System.nanoTime() > deadline) {
                progress.message(diagnosis(context, master, patience, System.getenv()));
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            if (Thread.interrupted()) {
                return;
            }
        }
    }

    /** What was asked for and what there is. */
    static String diagnosis(SparkContext context, Master master, Duration patience, Map<String, String> environment) {
        String cores = context.getConf().get("spark.executor.cores", "all");
        String memory = context.getConf().get("spark.executor.memory", "1g");
        String offered = "";
        try {
            offered = offered(master.text(), environment)
                    .map(s -> "; %d workers have %d cores, %d of them taken, and %d MB of memory, %d of them taken"
                            .formatted(s.workers(), s.cores(), s.coresUsed(), s.megabytes(), s.megabytesUsed()))
                    .orElse("");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "No executor from %s after %d s: each asks for %s cores and %s of memory%s. Ask for less"
                        .formatted(master.text(), patience.toSeconds(), cores, memory, offered)
                + " (--conf spark.executor.cores=1, --conf spark.executor.memory=512m), or wait until others have ended";
    }

    /** By the page of the cluster that was started here, else by where a master's page is unless it was moved. */
    private static Optional<StandaloneCluster.Status> offered(String master, Map<String, String> environment)
            throws InterruptedException {
        Optional<StandaloneCluster> own = StandaloneCluster.find(environment)
                .filter(cluster -> cluster.master().equals(master));
        if (own.isPresent()) {
            return own.get().status();
        }
        String first = master.substring("spark://".length()).split(",", -1)[0];
        return StandaloneCluster.status(
                URI.create("http://" + first.substring(0, first.lastIndexOf(':')) + ":8080/"), "spark://" + first);
    }
}
