package dev.arclight.tables.files;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight fs du}. */
@Command(name = "du", description = "Count files and bytes below each path.")
final class FsSizeCommand implements ArclightCommand {
    @Option(names = "--bytes", description = "Exact bytes.")
    private boolean exact;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, folders or patterns.")
    private List<String> paths = List.of();

    @Mixin
    private FsOptions options = new FsOptions();

    @Override
    public int run(CommandContext context) throws IOException {
        try (Progress.Task task = context.progress().start("Count", 0, "files")) {
            for (String path : paths) {
                for (FileStatus named : options.named(path)) {
                    long[] sum = new long[2];
                    FileSystem files = options.files(named.getPath());
                    Tree.walk(files, named, file -> {
                        sum[0]++;
                        sum[1] += file.getLen();
                        task.advance(1);
                    });
                    context.out()
                            .printf(
                                    "%12s  %,10d files  %s%n",
                                    exact ? String.valueOf(sum[1]) : FsOptions.size(sum[1]),
                                    sum[0],
                                    Tree.shown(named.getPath()));
                }
            }
        }
        return 0;
    }
}
