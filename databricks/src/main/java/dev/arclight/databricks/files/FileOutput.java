package dev.arclight.databricks.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file on its way to a workspace: kept here until it is closed, then sent as a whole. For one thread. */
final class FileOutput extends OutputStream {
    private final WorkspaceFiles files;
    private final String path;
    private final Path local;
    private final OutputStream out;
    private boolean closed;

    FileOutput(WorkspaceFiles files, String path) throws IOException {
        this.files = files;
        this.path = path;
        this.local = Files.createTempFile("arclight-dbfs", null);
        this.out = Files.newOutputStream(local);
    }

    @Override
    public void write(int one) throws IOException {
        out.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            out.close();
            FileFailures.io(() -> {
                files.put(path, local);
                return path;
            });
        } finally {
            Files.deleteIfExists(local);
        }
    }
}
