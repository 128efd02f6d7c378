package dev.arclight.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32;

/** Something that tests install on first use and keep in the user's cache. Safe for use by many processes. */
final class InstalledOnce {
    private InstalledOnce() {}

    /** Fills a folder, which may hold what a broken installation left. */
    interface Installation {
        void into(Path folder) throws IOException;
    }

    /**
     * The folder of {@code kind/name}, installed if needed.
     *
     * @param pins what is installed: other pins are another folder
     */
    static Path folder(String kind, String name, String pins, Installation installation) {
        CRC32 crc = new CRC32();
        crc.update(pins.getBytes(StandardCharsets.UTF_8));
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "arclight", kind);
        Path folder = cache.resolve("%s-%08x".formatted(name, crc.getValue()));
        try {
            Files.createDirectories(cache);
            try (RandomAccessFile lock =
                            new RandomAccessFile(cache.resolve(name + ".lock").toFile(), "rw");
                    FileLock held = lock.getChannel().lock()) {
                Objects.requireNonNull(held);
                if (!Files.exists(folder.resolve(".complete"))) {
                    System.err.println("Installing " + kind + "/" + folder.getFileName() + " (once)");
                    installation.into(folder);
                    Files.writeString(folder.resolve(".complete"), "");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot install " + name, e);
        }
        return folder;
    }
}
