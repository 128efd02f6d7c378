package dev.arclight.ray;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Arclight;
import java.io.PrintStream;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;

/**
 * A driver for tests: {@code Query api|plain MASTER [KEY=VALUE ...]} counts by a session of Arclight's, or of Spark's
 * own builder, and prints {@code ANSWER n}, or {@code REFUSED sentence}. With {@code wait} as last argument it then
 * waits to be killed; with {@code again} it counts again and again until that fails.
 */
final class Query {
    private Query() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        boolean plain = arguments[0].equals("plain");
        Arclight.Builder ours = Arclight.builder("query");
        SparkSession.Builder sparks = SparkSession.builder().appName("query").config("spark.ui.enabled", "false");
        if (plain) {
            sparks.master(arguments[1]);
        }
        String then = "";
        for (int i = 2; i < arguments.length; i++) {
            String[] setting = arguments[i].split("=", 2);
            if (setting.length == 1) {
                then = setting[0];
            } else {
                ours.spark(setting[0], setting[1]);
                sparks.config(setting[0], setting[1]);
            }
        }
        try {
            if (plain) {
                try (SparkSession spark = sparks.getOrCreate()) {
                    out.println("ANSWER "
                            + spark.range(1000).groupBy().sum("id").first().getLong(0));
                }
                return;
            }
            try (Arclight arclight = ours.master(arguments[1]).start()) {
                out.println("ANSWER "
                        + arclight.spark()
                                .range(1000)
                                .groupBy()
                                .sum("id")
                                .first()
                                .getLong(0));
                if (then.equals("wait")) {
                    Thread.sleep(600_000);
                }
                while (then.equals("again")) {
                    arclight.spark().range(1000).count();
                }
            }
        } catch (ArclightException e) {
            out.println("REFUSED " + e.code() + " " + e.getMessage());
        } catch (Exception e) {
            // Scala throws checked exceptions that javac does not see.
            if (!(e instanceof SparkException)) {
                throw e;
            }
            out.println("REFUSED job "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }
}
