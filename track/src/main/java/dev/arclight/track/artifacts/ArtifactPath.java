package dev.arclight.track.artifacts;

import static dev.arclight.base.ArclightException.badInput;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Paths of artifacts: relative, {@code /} between parts; none leaves its folder. */
public final class ArtifactPath {
    private static final Pattern TEMPORARY = Pattern.compile("\\..*\\.[0-9a-f\\-]{36}\\.tmp");

    private ArtifactPath() {}

    /**
     * Where {@code path} lies below {@code base}.
     *
     * @param path relative, {@code /} between parts; empty for {@code base} itself
     */
    public static Path below(Path base, String path) throws IOException {
        check(path);
        Path target = base;
        if (!path.isEmpty()) {
            for (String part : path.split("/", -1)) {
                try {
                    target = target.resolve(part);
                } catch (InvalidPathException e) {
                    throw refused(path);
                }
            }
        }
        refuseLinksOut(base, target, path);
        return target;
    }

    /**
     * The path that a root of artifacts, {@code mlflow-artifacts:/…}, names within its store.
     *
     * @throws dev.arclight.base.ArclightException BAD_INPUT if it is a root of another kind
     */
    public static String ofRoot(String root) {
        if (!root.startsWith(LocalArtifacts.SCHEME)) {
            throw badInput("The artifacts at '%s' are not in this store: expected %s/…"
                    .formatted(root, LocalArtifacts.SCHEME));
        }
        int from = LocalArtifacts.SCHEME.length();
        int to = root.length();
        while (from < to && root.charAt(from) == '/') {
            from++;
        }
        while (from < to && root.charAt(to - 1) == '/') {
            to--;
        }
        String path = root.substring(from, to);
        check(path);
        return path;
    }

    /**
     * Refuses a path that is no such path.
     *
     * @throws dev.arclight.base.ArclightException BAD_INPUT
     */
    public static void check(String path) {
        if (path.isEmpty()) {
            return;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || hasForbidden(part)) {
                throw refused(path);
            }
        }
    }

    /** Whether a file of this name is one that is being written, or was left by a program that died: in no list. */
    public static boolean isTemporary(String name) {
        return TEMPORARY.matcher(name).matches();
    }

    private static boolean hasForbidden(String part) {
        // A backslash or a drive letter would be a separator or a root on Windows.
        return part.indexOf('\\') >= 0
                || part.indexOf('\0') >= 0
                || (part.length() == 2 && part.charAt(1) == ':' && Character.isLetter(part.charAt(0)));
    }

    private static void refuseLinksOut(Path base, Path target, String path) throws IOException {
        @Nullable Path existing = target;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        if (existing != null
                && existing.startsWith(base)
                && !existing.toRealPath().startsWith(base.toRealPath())) {
            throw badInput("Invalid path: '%s' leads out of the artifact folder through a link".formatted(path));
        }
    }

    private static RuntimeException refused(String path) {
        return badInput(
                "Invalid path: '%s'; expected one relative to the artifact folder, with no '..' and no empty part"
                        .formatted(path));
    }
}
