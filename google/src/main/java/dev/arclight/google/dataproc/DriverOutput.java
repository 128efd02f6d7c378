package dev.arclight.google.dataproc;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a driver wrote, standard output and error together: Dataproc keeps it in a bucket as a sequence of objects whose
 * names begin with the URI that the job tells ({@code driveroutput.000000000}, {@code .000000001}, ...).
 */
final class DriverOutput {
    private DriverOutput() {}

    /**
     * Copies the output.
     *
     * @param uri where it begins; empty if there is none yet
     * @param from first byte wanted
     * @return the byte after the last one copied
     */
    static long copy(String uri, Configuration configuration, long from, OutputStream to) throws IOException {
        if (uri.isEmpty()) {
            return from;
        }
        Path prefix = new Path(uri);
        FileSystem files = prefix.getFileSystem(configuration);
        FileStatus[] parts;
        try {
            parts = files.listStatus(prefix.getParent(), path -> path.getName().startsWith(prefix.getName() + "."));
        } catch (FileNotFoundException e) {
            return from; // nothing was written yet
        }
        Arrays.sort(parts, Comparator.comparing(part -> part.getPath().getName()));
        long begin = 0;
        long next = from;
        for (FileStatus part : parts) {
            long end = begin + part.getLen();
            if (end > next) {
                try (InputStream in = files.open(part.getPath())) {
                    in.skipNBytes(next - begin);
                    next += in.transferTo(to);
                }
            }
            begin = end;
        }
        return next;
    }
}
