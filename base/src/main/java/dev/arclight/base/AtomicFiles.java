package dev.arclight.base;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Files and directories that appear whole or not at all. What is written goes beside its target under a hidden
 * temporary name and is renamed when complete, so a reader never sees a part and a failure leaves the old content.
 *
 * <p>Safe for use by many threads and processes: of two writers of one target, the last to finish wins.
 */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** Fills a file; the stream is closed by the caller of this function. */
    @FunctionalInterface
    public interface FileWriter {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Fills a directory that exists and is empty. */
    @FunctionalInterface
    public interface DirectoryWriter {
        void writeTo(Path directory) throws IOException;
    }

    /** Writes {@code text} as UTF-8 to {@code target}; parent directories are made. */
    public static void write(Path target, String text) throws IOException {
        write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes what {@code writer} writes to {@code target}, forced to disk before it appears. */
    public static void write(Path target, FileWriter writer) throws IOException {
        Path parent = parentOf(target);
        Files.createDirectories(parent);
        Path temporary = temporaryBeside(target);
        try {
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new java.io.BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                writer.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException | Error e) {
            deleteTree(temporary, e);
            throw e;
        }
    }

    /**
     * Replaces directory {@code target} by one that {@code writer} fills. Between two renames a reader may find no
     * directory for an instant, never a part of one.
     */
    public static void replaceDirectory(Path target, DirectoryWriter writer) throws IOException {
        Files.createDirectories(parentOf(target));
        Path temporary = temporaryBeside(target);
        try {
            Files.createDirectory(temporary);
            writer.writeTo(temporary);
            Path old = null;
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                old = temporaryBeside(target);
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (old != null) {
                    Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
                }
                throw e;
            }
            if (old != null) {
                deleteTree(old);
            }
        } catch (IOException | RuntimeException | Error e) {
            deleteTree(temporary, e);
            throw e;
        }
    }

    /** Deletes {@code root} and all below it; nothing happens if it does not exist. Links are not followed. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void deleteTree(Path root, Throwable because) {
        try {
            deleteTree(root);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private static Path temporaryBeside(Path target) {
        return parentOf(target).resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    private static Path parentOf(Path target) {
        Path parent = target.toAbsolutePath().getParent();
        if (parent == null || target.getFileName() == null) {
            throw new IllegalArgumentException("Not a path that can be replaced: " + target);
        }
        return parent;
    }
}
