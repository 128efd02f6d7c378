package dev.arclight.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** The newest checkpoint of a training, in a folder that all workers' machines see. */
record Checkpoints(String folder) {
    private static final String FILE = "arclight-torch-checkpoint.zip";

    /** Copies the checkpoint to {@code local} if there is one; says which it was. */
    String fetch(java.nio.file.Path local) throws IOException {
        FileContext files = context();
        if (!files.util().exists(file())) {
            return "none";
        }
        FileStatus status = files.getFileStatus(file());
        try (var in = files.open(file())) {
            Files.copy(in, local);
        }
        return status.getLen() + "@" + status.getModificationTime();
    }

    /** Replaces the checkpoint. */
    void keep(java.nio.file.Path local) throws IOException {
        FileContext files = context();
        Path temporary = new Path(folder, "." + FILE + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FSDataOutputStream out = files.create(
                    temporary,
                    EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
                    Options.CreateOpts.createParent())) {
                Files.copy(local, out);
            }
            files.rename(temporary, file(), Options.Rename.OVERWRITE);
        } catch (IOException | RuntimeException e) {
            try {
                files.delete(temporary, false);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private Path file() {
        return new Path(folder, FILE);
    }

    private FileContext context() throws IOException {
        Path path = new Path(folder);
        return path.isUriPathAbsolute() && path.toUri().getScheme() != null
                ? FileContext.getFileContext(path.toUri(), new Configuration())
                : FileContext.getFileContext(new Configuration());
    }
}
