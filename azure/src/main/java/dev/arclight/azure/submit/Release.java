package dev.arclight.azure.submit;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Sha256;
import dev.arclight.base.addon.AddOns;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Arclight as it runs here, file by file: the release folder, and the add-on {@code azure}, which reads
 * {@code azureml://} on the nodes too.
 *
 * @param files name in the image's build folder to the file here
 */
record Release(SortedMap<String, Path> files) {
    /**
     * @param folder of the release; empty for the one that this program was started from
     * @param environment as {@link System#getenv()}: says where add-ons are
     * @throws ArclightException NOT_FOUND if this is no release
     */
    static Release find(String folder, Map<String, String> environment) {
        Path release = folder.isBlank() ? ofThisProgram() : Path.of(folder).toAbsolutePath();
        if (!Files.isRegularFile(release.resolve("RELEASE")) || !Files.isDirectory(release.resolve("lib"))) {
            throw ArclightException.notFound(
                    "There is no release of Arclight in %s (no RELEASE and lib): start arclight from its release, or give --conf %s=FOLDER, or an environment that has it by --conf %s=NAME:VERSION"
                            .formatted(release, AmlSettings.RELEASE.key(), AmlSettings.ENVIRONMENT.key()));
        }
        SortedMap<String, Path> files = new TreeMap<>();
        add(release, "release/", files);
        Path addOn = AddOns.folder(environment).resolve("azure");
        if (Files.isDirectory(addOn.resolve("lib"))) {
            add(addOn.resolve("lib"), "addons/azure/lib/", files);
        }
        return new Release(files);
    }

    private static void add(Path folder, String prefix, Map<String, Path> into) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile)
                    .forEach(file ->
                            into.put(prefix + folder.relativize(file).toString().replace('\\', '/'), file));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot list %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static Path ofThisProgram() {
        try {
            Path jar = Path.of(Release.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolve("../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("No place of " + Release.class, e);
        }
    }

    /** The same content has the same text. */
    String fingerprint() {
        StringBuilder text = new StringBuilder();
        files.forEach((name, file) -> {
            try {
                text.append(name).append(' ').append(Sha256.of(file)).append('\n');
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(file, e.getMessage()), e);
            }
        });
        return text.toString();
    }
}
