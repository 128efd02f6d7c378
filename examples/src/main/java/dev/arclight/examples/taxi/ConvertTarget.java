package dev.arclight.examples.taxi;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.tables.lake.LakeFormat;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder that a conversion writes to. A run replaces whole months: in somebody else's folder, or in the table of
 * another service, that would take away what it never made.
 */
final class ConvertTarget {
    private static final String QUALITY = "_quality";

    private final Path table;
    private final Configuration configuration;

    ConvertTarget(Path table, Configuration configuration) {
        this.table = table;
        this.configuration = configuration;
    }

    /**
     * Looks at the folder before anything is made in it.
     *
     * @throws ArclightException BAD_INPUT if it holds something and no conversion has been at work there
     */
    void requireOurs() throws IOException {
        String found = null;
        for (FileStatus one : content()) {
            String name = one.getPath().getName();
            if (name.equals(QUALITY) || name.startsWith(".staging-")) {
                return;
            }
            found = name.startsWith(".") ? found : name;
        }
        if (found != null) {
            throw ArclightException.badInput(
                    "The output %s holds '%s' and nothing of a conversion (%s): months would be replaced there, so name a folder of its own"
                            .formatted(table, found, QUALITY));
        }
    }

    /**
     * Looks whether the table that is there, if any, is of the same kind.
     *
     * @throws ArclightException BAD_INPUT if not
     */
    void requireSame(TaxiService service, Optional<LakeFormat> format) throws IOException {
        boolean delta = false;
        boolean any = false;
        for (FileStatus one : content()) {
            String name = one.getPath().getName();
            delta |= name.equals("_delta_log");
            any |= name.startsWith("year=");
        }
        if (any && delta != format.isPresent()) {
            throw ArclightException.badInput(
                    "The output %s is a table of the format %s: give --format %s, or another folder"
                            .formatted(table, delta ? "delta" : "parquet", delta ? "delta" : "parquet"));
        }
        String before = serviceBefore();
        if (!before.isEmpty() && !before.equals(service.text())) {
            throw ArclightException.badInput(
                    "The output %s holds %s trips, whose months %s trips would replace: give each service a folder of its own"
                            .formatted(table, before, service.text()));
        }
    }

    private String serviceBefore() throws IOException {
        Path file = new Path(table, QUALITY + "/quality.json");
        try (InputStream in = files().open(file)) {
            return new ObjectMapper().readTree(in).path("service").asText("");
        } catch (FileNotFoundException e) {
            return "";
        }
    }

    /** Nothing of a file either, which is refused elsewhere. */
    private FileStatus[] content() throws IOException {
        try {
            return files().getFileStatus(table).isFile() ? new FileStatus[0] : files().listStatus(table);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    private FileSystem files() throws IOException {
        return table.getFileSystem(configuration);
    }
}
