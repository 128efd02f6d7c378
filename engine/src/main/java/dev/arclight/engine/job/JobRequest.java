package dev.arclight.engine.job;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Settings;
import dev.arclight.engine.Master;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An application to run. It does not name its master: {@code Arclight.builder(..)} and Spark's own
 * {@code SparkSession.builder()} take the one given here.
 *
 * @param name for people; shown by Spark's pages and {@code arclight job list}
 * @param master where its executors run
 * @param mode where its driver runs
 * @param mainClass has {@code public static void main(String[])}
 * @param jars files on this machine that hold the application's classes, its own first; they are shipped to the driver
 *     and the executors. Empty for a class of Arclight's own class path
 * @param arguments of {@code main}
 * @param spark Spark's settings; may hold secrets, so a submitter puts them neither on a command line nor into anything
 *     that the platform shows
 * @param settings Arclight's own, where it is submitted: a platform's submitter finds there what its service wants to
 *     know, such as {@code arclight.aml-compute}. They are not passed on to the driver
 */
public record JobRequest(
        String name,
        Master master,
        DeployMode mode,
        String mainClass,
        List<Path> jars,
        List<String> arguments,
        Map<String, String> spark,
        Settings settings) {
    /** A request whose platform has nothing to be set. */
    public JobRequest(
            String name,
            Master master,
            DeployMode mode,
            String mainClass,
            List<Path> jars,
            List<String> arguments,
            Map<String, String> spark) {
        this(name, master, mode, mainClass, jars, arguments, spark, Settings.empty());
    }

    /** @throws ArclightException NOT_FOUND if a jar is not there */
    public JobRequest {
        if (name.isBlank() || mainClass.isBlank()) {
            throw new IllegalArgumentException("name='%s' mainClass='%s', expected both".formatted(name, mainClass));
        }
        jars = jars.stream().map(jar -> jar.toAbsolutePath().normalize()).toList();
        for (Path jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw ArclightException.notFound("There is no file %s".formatted(jar));
            }
        }
        arguments = List.copyOf(arguments);
        spark = Map.copyOf(spark);
    }
}
