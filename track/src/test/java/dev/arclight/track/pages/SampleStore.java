package dev.arclight.track.pages;

import dev.arclight.track.ActiveRun;
import dev.arclight.track.Experiment;
import dev.arclight.track.Metric;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * A store as users fill it: a sweep that runs, a finished training with files, a model with a history, hostile names.
 */
final class SampleStore {
    /** Text that would run if it reached the page as markup. */
    static final String HOSTILE = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>'\"&";

    private static final long START = 1_795_000_000_000L;

    final Experiment wine;
    final ActiveRun sweep;
    final List<String> trials = new ArrayList<>();
    final String forest;
    final String hostile;
    private final Experiment hostileExperiment;

    SampleStore(Tracking tracking) throws IOException {
        wine = tracking.experiment("wine quality");
        tracking.experiments()
                .setTag(wine.id(), "mlflow.note.content", "Which wines are good? Red and white, 6,497 rows.");
        forest = forest(tracking);
        sweep = tracking.start(RunStart.in(wine).named("sweep of 30").by("ada").at(START + 600_000));
        Random random = new Random(7);
        for (int i = 0; i < 30; i++) {
            trials.add(trial(tracking, random, i));
        }
        try (ActiveRun failed = tracking.start(sweep.child("trial 30").by("ada"))) {
            failed.param("max_depth", 3).param("learning_rate", 9.0);
            failed.fail(new IllegalArgumentException("learning_rate is 9.0; expected at most 1"));
        }
        hostileExperiment = tracking.experiment(HOSTILE);
        hostile = hostile(tracking, hostileExperiment);
        models(tracking);
    }

    private String forest(Tracking tracking) throws IOException {
        try (ActiveRun run = tracking.start(RunStart.in(wine)
                .named("random forest")
                .by("ada")
                .at(START)
                .tag("mlflow.note.content", "The baseline: ten trees."))) {
            run.params(Map.of("trees", 10, "features", "all eleven", "seed", 123, "split", "60/20/20"));
            run.metric("test_auc", 0.854).metric("validation_auc", 0.861).metric("fit_seconds", 1.93);
            List<Metric> curve = new ArrayList<>();
            for (int step = 1; step <= 200; step++) {
                curve.add(Metric.of("oob_error", 0.25 + 0.4 / step, START + step * 50L, step));
                curve.add(Metric.of("depth", 4 + step % 7, START + step * 50L, step));
            }
            run.metrics(curve);
            text(
                    run,
                    "importances.csv",
                    "feature,importance\nalcohol,0.21\n\"acidity, volatile\",0.13\nsulphates,0.1\n");
            text(run, "notes/readme.txt", "Trained on the pooled tables.\n<b>not bold</b>\n");
            text(
                    run,
                    "notes/page.html",
                    "<h1>Kept page</h1><p id=p>plain</p><script>parent.hacked = 1; document.title='ran'</script>"
                            + "<img src=x onerror=\"top.hacked=1\">");
            text(
                    run,
                    "notes/drawing.svg",
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"80\"><script>window.hacked=1</script>"
                            + "<rect width=\"200\" height=\"80\" fill=\"#2a6fbb\"/></svg>");
            run.artifact("confusion.png", out -> ImageIO.write(image(), "png", out));
            run.artifact("model.bin", out -> out.write(new byte[70_000]));
            return run.id();
        }
    }

    private String trial(Tracking tracking, Random random, int i) {
        try (ActiveRun run =
                tracking.start(sweep.child("trial %d".formatted(i)).by("ada").at(START + 600_000 + i * 5000L))) {
            double rate = Math.pow(10, -3 + 2.5 * random.nextDouble());
            int depth = 3 + random.nextInt(12);
            double best = 0.9 - Math.abs(Math.log10(rate) + 1.3) * 0.06 - Math.abs(depth - 8) * 0.004;
            run.params(Map.of(
                    "learning_rate",
                    String.format(Locale.ROOT, "%.5f", rate),
                    "max_depth",
                    depth,
                    "booster",
                    random.nextBoolean() ? "gbtree" : "dart"));
            List<Metric> curve = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                double value = best - 0.2 * Math.exp(-step * rate * 6) + 0.002 * random.nextGaussian();
                curve.add(Metric.of("validation_auc", value, START + step * 10L, step));
            }
            run.metrics(curve);
            run.metric("rounds", 60);
            return run.id();
        }
    }

    Experiment hostileExperiment() {
        return hostileExperiment;
    }

    private static String hostile(Tracking tracking, Experiment experiment) throws IOException {
        try (ActiveRun run = tracking.start(RunStart.in(experiment).named(HOSTILE))) {
            run.param("param", HOSTILE).tag("tag", HOSTILE).metric("metric", 1);
            run.tag("mlflow.note.content", HOSTILE);
            text(run, "a 'b' &amp; c.csv", HOSTILE + "," + HOSTILE + "\n" + HOSTILE + ",1\n");
            return run.id();
        }
    }

    private void models(Tracking tracking) {
        for (String run : List.of(forest, trials.get(3), trials.get(9))) {
            tracking.registry()
                    .register(Registration.of("wine-quality", "runs:/" + run + "/model")
                            .from(run));
        }
        tracking.registry().describe("wine-quality", "Good or not, from eleven measurements.");
        tracking.registry()
                .promote(Promotion.of("wine-quality", "champion", 1).by("ada").because("the first one"));
        tracking.registry()
                .promote(Promotion.of("wine-quality", "champion", 2)
                        .by("grace")
                        .because("better on the test set, golden rows pass")
                        .with("test_auc", "0.9054 against 0.854"));
    }

    private static void text(ActiveRun run, String path, String content) throws IOException {
        run.artifact(path, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static BufferedImage image() {
        BufferedImage image = new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(0x2a6fbb));
        graphics.fillRect(0, 0, 160, 100);
        graphics.setColor(new Color(0xd45f14));
        graphics.fillRect(160, 100, 160, 100);
        graphics.dispose();
        return image;
    }
}
