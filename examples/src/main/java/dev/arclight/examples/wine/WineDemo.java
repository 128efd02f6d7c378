package dev.arclight.examples.wine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.Master;
import dev.arclight.learn.Scoring;
import dev.arclight.model.Model;
import dev.arclight.serve.ScoringServer;
import dev.arclight.tables.AtomicTable;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** {@code arclight demo wine}: the lifecycle of {@link WineLifecycle}, step by step, with a report. */
final class WineDemo {
    /**
     * What the user asked for.
     *
     * @param data folder of the real tables; empty: generated
     * @param splits folder of ready splits; empty: split here
     * @param serveOn port to leave the server up on; empty: stop it at the end
     */
    record Options(
            Optional<Path> data,
            Optional<Path> splits,
            Path out,
            int evals,
            int parallelism,
            long seed,
            Master master,
            Optional<Integer> serveOn) {}

    private static final int REQUESTS = 1_000;

    private final Options options;
    private final CommandContext context;
    private final Progress progress;
    private final Steps steps;

    WineDemo(Options options, CommandContext context) {
        this.options = options;
        this.context = context;
        this.progress = context.progress();
        this.steps = new Steps(progress, context.cleanup());
    }

    void run() throws Exception {
        options.serveOn().ifPresent(WineDemo::requireFree);
        options.data().ifPresent(folder -> requireFolder("--data", folder));
        options.splits().ifPresent(folder -> requireFolder("--splits", folder));
        requireApart("--data", options.data());
        requireApart("--splits", options.splits());
        try (OutputFolder output = OutputFolder.open(options.out())) {
            // Also where Ctrl-C comes while Spark starts, which hears no interrupt.
            context.cleanup().register(output::close);
            // Before anything logs: Spark's lines belong beside the output, not on the terminal.
            System.setProperty(
                    "arclight.log",
                    options.out().resolve("arclight.log").toAbsolutePath().toString());
            try (Arclight arclight = steps.run(
                            "start", "Start Spark on " + options.master().text(), this::start);
                    Tracking tracking =
                            Tracking.open(options.out().resolve("tracking").toString())) {
                run(output, arclight, tracking);
            }
        }
    }

    private Arclight start() {
        return Arclight.builder("wine").master(options.master()).start();
    }

    private void run(OutputFolder output, Arclight arclight, Tracking tracking) throws Exception {
        WineLifecycle wine = new WineLifecycle(tracking, progress, options.seed());
        WineFindings.Builder found = new WineFindings.Builder(options);

        Path folder = steps.run("load", "Load the tables", this::dataFolder);
        Dataset<Row> rows = steps.run("load", "Read the tables", () -> {
            Dataset<Row> all = options.data().isEmpty() && options.splits().isPresent()
                    ? WineData.readySplits(arclight, options.splits().get()).stream()
                            .reduce(Dataset::union)
                            .orElseThrow()
                    : WineData.load(arclight, folder);
            return all.cache();
        });
        steps.run("profile", "Profile them", () -> found.profile(rows));
        WineData.Parts parts =
                steps.run("split", options.splits().isPresent() ? "Read the splits" : "Split 60/20/20", () -> {
                    return options.splits().isPresent()
                            ? WineData.Parts.of(WineData.readySplits(
                                    arclight, options.splits().get()))
                            : WineData.split(rows, options.seed());
                });
        found.parts(parts);

        WineLifecycle.Trained forest = steps.run("forest", "Random forest of 10 trees", () -> wine.forest(parts));
        steps.run("register", "Register the forest", () -> {
            ModelVersion version = wine.register(forest);
            wine.promoteIfBetter(version, forest, parts);
            return found.forest(forest, version);
        });
        WineLifecycle.Sweep sweep = steps.run(
                "sweep",
                "Sweep of %d trials, %d at a time".formatted(options.evals(), options.parallelism()),
                () -> wine.sweep(
                        parts, options.evals(), options.parallelism(), study -> study.cleanup(context.cleanup())));
        steps.run("promote", "Register the best, promote the better", () -> {
            ModelVersion version = wine.register(sweep.best());
            wine.promoteIfBetter(version, sweep.best(), parts);
            return found.sweep(sweep, version);
        });
        Model champion = steps.run("promote", "Load the champion back", () -> verified(wine, tracking, parts, found));

        steps.run("batch", "Score %,d unseen rows in Spark".formatted(WineTables.UNSEEN_ROWS), () -> {
            Dataset<Row> unseen = WineData.loadUnseen(arclight, generated());
            long start = System.nanoTime();
            AtomicTable.write(
                    Scoring.score(unseen, champion, "score"),
                    output.staged("batch").toString());
            return found.batch(WineTables.UNSEEN_ROWS, (System.nanoTime() - start) / 1e9);
        });
        List<Row> scored = scored(arclight, output.staged("batch"));
        ScoringServer server = steps.run(
                "serve",
                "Start the server",
                () -> ScoringServer.builder()
                        .model(WineLifecycle.MODEL, champion)
                        .port(options.serveOn().orElse(0))
                        .start());
        try (server) {
            steps.run("serve", "Send %,d rows".formatted(scored.size()), () -> {
                ServingCheck check = new ServingCheck(server.uri());
                check.compare(scored.subList(0, Math.min(200, scored.size()))); // warm-up
                return found.serving(server.uri(), check.compare(scored));
            });
            WineFindings findings = steps.run("report", "Write the report", () -> {
                WineFindings all = found.build(tracking, scored, steps.seconds());
                new WineReport(all).write(output.staged("report.html"));
                WineSummary.write(all, output.staged("summary.json"));
                output.publish(List.of("batch", "report.html", "summary.json"));
                return all;
            });
            tell(findings);
            if (options.serveOn().isPresent()) {
                stayUp(server, scored.get(0));
            }
        }
    }

    private Path dataFolder() throws IOException {
        WineTables.write(generated(), options.seed());
        if (options.data().isPresent()) {
            return options.data().get();
        }
        progress.message("The tables are generated: --data DIR takes the real ones");
        return generated();
    }

    /** Where tables are made: all of them, or with real ones only those to be scored. */
    private Path generated() {
        return options.out().resolve("data");
    }

    private static Model verified(
            WineLifecycle wine, Tracking tracking, WineData.Parts parts, WineFindings.Builder found)
            throws IOException {
        Model champion = wine.champion();
        ModelVersion version = tracking.registry()
                .findByAlias(WineLifecycle.MODEL, WineLifecycle.CHAMPION)
                .orElseThrow();
        double auc = WineLifecycle.auc(champion, parts.test());
        found.champion(version, auc);
        Optional<Double> logged = found.loggedAuc(version.version());
        if (logged.isPresent() && Math.abs(logged.get() - auc) > 1e-6) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Version %d was logged with test AUC %s, but loaded back it has %s"
                            .formatted(version.version(), logged.get(), auc));
        }
        return champion;
    }

    private static List<Row> scored(Arclight arclight, Path batch) {
        List<String> columns = new java.util.ArrayList<>(WineData.FEATURES);
        columns.add("score");
        return arclight.spark()
                .read()
                .parquet(batch.toString())
                .select(columns.stream().map(functions::col).toArray(org.apache.spark.sql.Column[]::new))
                .limit(REQUESTS)
                .collectAsList();
    }

    private void tell(WineFindings found) {
        Path out = options.out();
        String where = out.equals(Path.of(WineCommand.OUT)) ? "" : " --tracking " + out.resolve("tracking");
        context.out().println(found.headline());
        context.out().printf("Report: %s%nRuns:   ./arclight runs list%s%n", out.resolve("report.html"), where);
        context.out().flush();
    }

    private void stayUp(ScoringServer server, Row row) throws InterruptedException {
        context.out()
                .printf(
                        "%s is served at %s until Ctrl-C. Try:%n%n  curl -s %s -H 'Content-Type: application/json' -d '%s'%n%n",
                        WineLifecycle.MODEL,
                        server.uri(),
                        server.uri().resolve("/invocations"),
                        ServingCheck.body(row));
        context.out().flush();
        new CountDownLatch(1).await(); // until the interrupt that Ctrl-C sends
    }

    private static void requireFolder(String option, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw ArclightException.notFound("%s: there is no folder %s".formatted(option, folder));
        }
    }

    /** What is read must not lie where this run makes its own tables. */
    private void requireApart(String option, Optional<Path> given) throws IOException {
        for (Path made : List.of(generated(), options.out().resolve("batch"))) {
            if (given.isPresent()
                    && Files.exists(made)
                    && given.get().toRealPath().startsWith(made.toRealPath())) {
                throw ArclightException.badInput(
                        "%s is %s, where a run with --out %s puts tables of its own: name another folder by --out"
                                .formatted(option, given.get(), options.out()));
            }
        }
    }

    private static void requireFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Port %d is taken: stop what listens there, or name another one by --port".formatted(port),
                    e);
        }
    }
}
