package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Where no place for artifacts was named: says so. */
final class MissingArtifacts implements Artifacts {
    @Override
    public List<ArtifactEntry> list(String root, String path) {
        throw missing();
    }

    @Override
    public InputStream open(String root, String path) {
        throw missing();
    }

    @Override
    public void write(String root, String path, AtomicFiles.FileWriter writer) {
        throw missing();
    }

    @Override
    public void upload(String root, Path local, String path) {
        throw missing();
    }

    @Override
    public void delete(String root, String path) {
        throw missing();
    }

    @Override
    public Path local(String root, String path) {
        throw missing();
    }

    private static ArclightException missing() {
        return new ArclightException(
                ErrorCode.BAD_STATE,
                "This store has no place for artifacts: set ARCLIGHT_TRACKING_ARTIFACTS to a folder that all who use it"
                        + " share");
    }
}
