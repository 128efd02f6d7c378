package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import dev.arclight.track.FileWork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts at a place that is opened when they are first used: who only looks at runs needs neither the library of
 * that place nor the place.
 */
final class ArtifactsOnDemand implements Artifacts {
    private final Supplier<Artifacts> place;
    private @Nullable Artifacts opened;
    private boolean closed;

    /** @param place throws where there is none; it is asked again at the next use */
    ArtifactsOnDemand(Supplier<Artifacts> place) {
        this.place = place;
    }

    @Override
    public List<ArtifactEntry> list(String root, String path) throws IOException {
        return opened().list(root, path);
    }

    @Override
    public InputStream open(String root, String path) throws IOException {
        return opened().open(root, path);
    }

    @Override
    public void write(String root, String path, AtomicFiles.FileWriter writer) throws IOException {
        opened().write(root, path, writer);
    }

    @Override
    public void upload(String root, Path local, String path) throws IOException {
        opened().upload(root, local, path);
    }

    @Override
    public void delete(String root, String path) throws IOException {
        opened().delete(root, path);
    }

    @Override
    public Path local(String root, String path) throws IOException {
        return opened().local(root, path);
    }

    @Override
    public <T> T withLocal(String root, String path, FileWork<T> work) throws IOException {
        return opened().withLocal(root, path, work);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (opened != null) {
            opened.close();
        }
    }

    private synchronized Artifacts opened() {
        if (closed) {
            throw new ArclightException(ErrorCode.BAD_STATE, "This tracking store is closed");
        }
        Artifacts present = opened;
        if (present == null) {
            present = place.get();
            opened = present;
        }
        return present;
    }
}
