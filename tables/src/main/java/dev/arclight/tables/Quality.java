package dev.arclight.tables;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the rows of a lenient read. Plain data, which Jackson writes as it stands. {@code rowsIn} is always
 * {@code kept} plus the rejects of all reasons.
 *
 * @param rowsIn rows of all files; headers and blank lines are none
 * @param kept rows of the result
 * @param rejected rows by reason
 * @param coerced cells by column that were written in another form than the type's own
 * @param rounded cells by column that lost digits
 * @param extraEmptyFields rows with more fields than the header, all of these empty
 * @param flagged rows by rule that were kept and counted
 * @param samples some rejects of each reason
 * @param files each file, in the order given
 * @param unusable files that were left out, and why
 */
public record Quality(
        long rowsIn,
        long kept,
        Map<String, Long> rejected,
        Map<String, Long> coerced,
        Map<String, Long> rounded,
        long extraEmptyFields,
        Map<String, Long> flagged,
        List<Reject> samples,
        List<FileQuality> files,
        Map<String, String> unusable) {
    public Quality {
        rejected = copy(rejected);
        coerced = copy(coerced);
        rounded = copy(rounded);
        flagged = copy(flagged);
        samples = List.copyOf(samples);
        files = List.copyOf(files);
        unusable = copy(unusable);
    }

    /**
     * One file.
     *
     * @param file as messages name it
     * @param format {@code csv} or {@code parquet}
     * @param rowsIn its rows
     * @param kept of these
     * @param rejected of these, by reason
     * @param renamed declared column to the different name that the file uses
     * @param missing declared columns that the file lacks
     * @param unknown columns of the file that nobody declared, left out
     */
    public record FileQuality(
            String file,
            String format,
            long rowsIn,
            long kept,
            Map<String, Long> rejected,
            Map<String, String> renamed,
            List<String> missing,
            List<String> unknown) {
        public FileQuality {
            rejected = copy(rejected);
            renamed = copy(renamed);
            missing = List.copyOf(missing);
            unknown = List.copyOf(unknown);
        }
    }

    private static <V> Map<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
