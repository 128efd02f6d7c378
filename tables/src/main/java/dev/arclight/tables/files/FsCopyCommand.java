package dev.arclight.tables.files;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code arclight fs cp}. */
@Command(
        name = "cp",
        description = {
            "Copy files between any filesystems, several at a time. With -r, TARGET becomes a copy of the folder SOURCE."
                    + " Files that are there already are passed over, so a copy that was stopped is resumed by the same"
                    + " command.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FsCopyCommand implements ArclightCommand {
    private static final int FAILURES_SHOWN = 5;

    @Option(
            names = {"-r", "--recursive"},
            description = "SOURCE is a folder.")
    private boolean recursive;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "8",
            description = "Files at a time (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "A file, a pattern of files, or with -r a folder.")
    private String source;

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description = "A file, or a folder (one that is there, or ends in a slash).")
    private String target;

    @Mixin
    private FsOptions options = new FsOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) throws Exception {
        if (parallel < 1 || parallel > 256) {
            throw new ParameterException(spec.commandLine(), "--parallel is %d, expected 1 to 256".formatted(parallel));
        }
        List<FileStatus> named = options.named(source);
        FileSystem from = options.files(named.get(0).getPath());
        FileSystem to = options.files(FsOptions.path(target));
        List<TreeCopy.Item> items = recursive ? tree(named, from, to, context) : files(named, to);
        long bytes = items.stream().mapToLong(item -> item.source().getLen()).sum();
        TreeCopy.Result result;
        try (Progress.Task task = context.progress().start("Copy", bytes, "bytes")) {
            result = new TreeCopy(from, to, task, context.cleanup()).copy(items, parallel);
            if (!result.failures().isEmpty()) {
                task.fail(result.failures().size() + " files failed");
            }
        }
        context.out()
                .printf(
                        "%,d files copied (%s), %,d were there already%n",
                        result.copied(), FsOptions.size(result.bytes()), result.present());
        if (result.failures().isEmpty()) {
            return 0;
        }
        result.failures().stream().limit(FAILURES_SHOWN).forEach(context.err()::println);
        throw new ArclightException(
                ErrorCode.UNAVAILABLE,
                "%,d of %,d files could not be copied: run the same command again, it copies only these"
                        .formatted(result.failures().size(), items.size()));
    }

    private List<TreeCopy.Item> tree(List<FileStatus> named, FileSystem from, FileSystem to, CommandContext context)
            throws IOException {
        FileStatus root = named.get(0);
        if (named.size() > 1 || root.isFile()) {
            throw ArclightException.badInput("With -r, SOURCE is one folder; '%s' is %s"
                    .formatted(source, root.isFile() && named.size() == 1 ? "a file" : named.size() + " paths"));
        }
        Path top = to.makeQualified(FsOptions.path(target));
        Path bottom = from.makeQualified(root.getPath());
        if ((top + "/").startsWith(bottom + "/")) {
            throw ArclightException.badInput("The target %s is in the folder that is to be copied, %s"
                    .formatted(Tree.shown(top), Tree.shown(bottom)));
        }
        List<TreeCopy.Item> items = new ArrayList<>();
        try (Progress.Task task = context.progress().start("List", 0, "files")) {
            Tree.walk(from, root, file -> {
                items.add(new TreeCopy.Item(
                        file, new Path(top, new Path(null, null, Tree.below(root.getPath(), file.getPath())))));
                task.advance(1);
            });
        }
        return items;
    }

    private List<TreeCopy.Item> files(List<FileStatus> named, FileSystem files) throws IOException {
        Path path = FsOptions.path(target);
        boolean folder = target.endsWith("/") || isFolder(files, path);
        if (named.size() > 1 && !folder) {
            throw ArclightException.badInput("'%s' is %d files, so the target must be a folder: end '%s' in a slash"
                    .formatted(source, named.size(), target));
        }
        List<TreeCopy.Item> items = new ArrayList<>();
        Map<Path, FileStatus> taken = new HashMap<>();
        for (FileStatus file : named) {
            if (file.isDirectory()) {
                throw ArclightException.badInput(
                        "%s is a folder: copy it with -r".formatted(Tree.shown(file.getPath())));
            }
            Path to = folder ? new Path(path, file.getPath().getName()) : path;
            FileStatus other = taken.put(to, file);
            if (other != null) {
                throw ArclightException.badInput(
                        "Both %s and %s would become %s: copy them to different folders, or the folder above with -r"
                                .formatted(Tree.shown(other.getPath()), Tree.shown(file.getPath()), Tree.shown(to)));
            }
            items.add(new TreeCopy.Item(file, to));
        }
        return items;
    }

    private static boolean isFolder(FileSystem files, Path path) throws IOException {
        try {
            return files.getFileStatus(path).isDirectory();
        } catch (FileNotFoundException e) {
            return false;
        }
    }
}
