package dev.arclight.tables.lake;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Sha256;
import dev.arclight.base.addon.AddOn;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.util.MavenUtils;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The jars of a format, found as {@code spark-submit --packages} finds them: in the user's local Maven repository, else
 * in the one that {@code DEFAULT_ARTIFACT_REPOSITORY} names, else in Spark's default. Each is compared with its
 * checksum before it is put into place.
 */
abstract class LakeAddOn implements AddOn {
    private final LakeFormat format;

    LakeAddOn(LakeFormat format) {
        this.format = format;
    }

    /** Delta Lake. */
    public static final class Delta extends LakeAddOn {
        public Delta() {
            super(LakeFormat.DELTA);
        }
    }

    /** Iceberg. */
    public static final class Iceberg extends LakeAddOn {
        public Iceberg() {
            super(LakeFormat.ICEBERG);
        }
    }

    @Override
    public final String name() {
        return format.text();
    }

    @Override
    public final String description() {
        return format.description();
    }

    @Override
    public final void install(Path folder, Map<String, String> environment, CommandContext context) {
        try (Progress.Task task = context.progress().start("installing " + format.text(), 0, "jars")) {
            Path fetched = Files.createTempDirectory("arclight-install");
            try {
                Files.createDirectories(folder);
                fetch(fetched);
                for (LakeFormat.Jar jar : format.jars()) {
                    place(fetched, jar, folder);
                    task.advance(1);
                }
            } catch (RuntimeException e) {
                task.fail(String.valueOf(e.getMessage()));
                throw e;
            } finally {
                AtomicFiles.deleteTree(fetched);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot install %s in %s: %s".formatted(format.text(), folder, e.getMessage()),
                    e);
        }
    }

    private void fetch(Path into) {
        String coordinates =
                format.jars().stream().map(LakeFormat.Jar::coordinate).collect(Collectors.joining(","));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream log = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            MavenUtils.resolveMavenCoordinates(
                    coordinates,
                    MavenUtils.buildIvySettings(Option.empty(), Option.apply(into.toString()), true, log),
                    Option.empty(),
                    false,
                    CollectionConverters.asScala(java.util.List.<String>of()).toSeq(),
                    false,
                    log);
        } catch (RuntimeException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot fetch %s: set DEFAULT_ARTIFACT_REPOSITORY to a Maven repository that can be reached (%s)"
                            .formatted(
                                    format.text(),
                                    String.valueOf(e.getMessage()).strip()),
                    e);
        }
    }

    /** Ivy puts the group in front of a file's name. */
    private static void place(Path fetched, LakeFormat.Jar jar, Path folder) throws IOException {
        String group = jar.coordinate().substring(0, jar.coordinate().indexOf(':'));
        Path file = fetched.resolve("jars").resolve(group + "_" + jar.fileName());
        String digest = Sha256.of(file);
        if (!digest.equals(jar.sha256())) {
            throw ArclightException.badInput("%s has SHA-256 %s, expected %s: it was changed or damaged on its way"
                    .formatted(jar.coordinate(), digest, jar.sha256()));
        }
        Path target = folder.resolve(jar.fileName());
        Path part = folder.resolve("." + jar.fileName() + ".part");
        Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
