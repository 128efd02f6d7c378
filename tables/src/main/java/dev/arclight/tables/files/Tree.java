package dev.arclight.tables.files;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Walks what is below a folder. */
final class Tree {
    /** Told each file. */
    interface Visitor {
        void file(FileStatus file) throws IOException;
    }

    private Tree() {}

    /** Visits {@code root} if it is a file, else all files below it, folder by folder. */
    static void walk(FileSystem files, FileStatus root, Visitor visitor) throws IOException {
        Deque<FileStatus> folders = new ArrayDeque<>();
        if (root.isFile()) {
            visitor.file(root);
            return;
        }
        folders.push(root);
        while (!folders.isEmpty()) {
            RemoteIterator<FileStatus> children =
                    files.listStatusIterator(folders.pop().getPath());
            while (children.hasNext()) {
                FileStatus child = children.next();
                if (child.isDirectory()) {
                    folders.push(child);
                } else {
                    visitor.file(child);
                }
            }
        }
    }

    /** What follows {@code folder} in {@code file}, without a slash in front. */
    static String below(Path folder, Path file) {
        String above = folder.toUri().getPath();
        String path = file.toUri().getPath();
        return path.equals(above)
                ? file.getName()
                : path.substring(above.endsWith("/") ? above.length() : above.length() + 1);
    }

    /** A path as a person writes it. */
    static String shown(Path path) {
        return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
    }
}
