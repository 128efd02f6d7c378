package dev.arclight.engine.shell;

import dev.arclight.base.report.Chart;
import dev.arclight.base.report.Report;
import dev.arclight.engine.Arclight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * What the shell's user calls by its bare name. Static, because that is how JShell's snippets reach anything; one shell
 * runs at a time.
 */
public final class Shell {
    /** JShell hands a snippet no object, so the one that it begins with lies here while it runs. */
    private static final AtomicReference<@Nullable Running> RUNNING = new AtomicReference<>();

    private record Running(Arclight arclight, Path classes) {}

    private Shell() {}

    interface Binding extends AutoCloseable {
        @Override
        void close();
    }

    static Binding bind(Arclight arclight, Path classes) {
        if (!RUNNING.compareAndSet(null, new Running(arclight, classes))) {
            throw new IllegalStateException("A shell runs in this process already");
        }
        return () -> RUNNING.set(null);
    }

    private static Running running() {
        Running running = RUNNING.get();
        if (running == null) {
            throw new IllegalStateException("No shell runs");
        }
        return running;
    }

    static Path classes() {
        return running().classes();
    }

    /** The session; owned by the shell. */
    public static Arclight session() {
        return running().arclight();
    }

    /** Runs a query. */
    public static Dataset<Row> sql(String query) {
        return session().spark().sql(query);
    }

    /** Prints the first 20 rows, whole cells. */
    public static void show(Dataset<?> table) {
        table.show(20, false);
    }

    /** Writes charts as a page and prints where. */
    public static Path page(Chart... charts) throws IOException {
        Path file = Path.of("arclight-shell.html").toAbsolutePath();
        Report report = Report.titled("Charts");
        for (Chart chart : charts) {
            report.section("Chart").chart(chart);
        }
        report.write(file);
        System.out.println("Page: " + file.toUri());
        return file;
    }
}
