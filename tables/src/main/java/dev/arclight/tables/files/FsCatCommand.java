package dev.arclight.tables.files;

import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code arclight fs cat}. */
@Command(name = "cat", description = "Write files to standard output, byte by byte as they are.")
final class FsCatCommand implements ArclightCommand {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files or patterns.")
    private List<String> paths = List.of();

    @Mixin
    private FsOptions options = new FsOptions();

    private final PrintStream out;

    FsCatCommand() {
        this(System.out); // the context's writer would change bytes that are no text
    }

    FsCatCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(CommandContext context) throws IOException {
        context.out().flush();
        for (String path : paths) {
            for (FileStatus named : options.named(path)) {
                if (named.isDirectory()) {
                    throw ArclightException.badInput(
                            "%s is a folder: name its files, such as '%s/*'".formatted(path, path));
                }
                try (InputStream in = options.files(named.getPath()).open(named.getPath())) {
                    byte[] buffer = new byte[1 << 16];
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        out.write(buffer, 0, n);
                        requireWritten(path);
                    }
                }
            }
        }
        return 0;
    }

    /** A print stream keeps it to itself that the disk is full, or that nobody reads any more. */
    private void requireWritten(String path) throws IOException {
        if (out.checkError()) {
            throw new IOException(
                    "Standard output did not take all of " + path + ": it is closed, or its disk is full");
        }
    }
}
