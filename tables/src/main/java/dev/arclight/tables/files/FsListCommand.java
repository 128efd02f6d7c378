package dev.arclight.tables.files;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight fs ls}: written as it is listed, so that a folder may hold any number of files. */
@Command(name = "ls", description = "List files: bytes, time of change and path; a folder ends in a slash.")
final class FsListCommand implements ArclightCommand {
    @Option(
            names = {"-r", "--recursive"},
            description = "Folders with all that is in them.")
    private boolean recursive;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, folders or patterns.")
    private List<String> paths = List.of();

    @Mixin
    private FsOptions options = new FsOptions();

    @Override
    public int run(CommandContext context) throws IOException {
        for (String path : paths) {
            for (FileStatus named : options.named(path)) {
                if (named.isFile()) {
                    print(named, context);
                } else {
                    list(named, context);
                }
            }
        }
        return 0;
    }

    private void list(FileStatus folder, CommandContext context) throws IOException {
        RemoteIterator<FileStatus> children = options.files(folder.getPath()).listStatusIterator(folder.getPath());
        while (children.hasNext()) {
            FileStatus child = children.next();
            print(child, context);
            if (recursive && child.isDirectory()) {
                list(child, context);
            }
        }
    }

    private static void print(FileStatus status, CommandContext context) {
        String shown = Tree.shown(status.getPath());
        context.out()
                .printf(
                        "%15s  %-20s  %s%n",
                        status.isDirectory() ? "-" : String.valueOf(status.getLen()),
                        status.getModificationTime() == 0
                                ? "-"
                                : Instant.ofEpochMilli(status.getModificationTime())
                                        .truncatedTo(ChronoUnit.SECONDS),
                        status.isDirectory() ? shown + "/" : shown);
    }
}
