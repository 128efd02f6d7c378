package dev.arclight.tables;

import dev.arclight.base.ArclightException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where one file keeps each declared column.
 *
 * @param file as messages name it
 * @param header names as they stand in the file
 * @param sources for each declared column the field's index in the file, or -1 if the file lacks it
 * @param alternatives for a declared column, further fields that hold it where the first is empty: a file may have a
 *     column twice, under two of its names
 * @param values of declared columns that are given by the file's name
 * @param renamed declared name to the different name that the file uses
 * @param missing declared columns that the file lacks
 * @param unknown columns of the file that nobody declared
 */
record Layout(
        String file,
        List<String> header,
        List<Integer> sources,
        Map<String, List<Integer>> alternatives,
        Map<String, Object> values,
        Map<String, String> renamed,
        List<String> missing,
        List<String> unknown)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String SEPARATORS = ",;\t|:";

    /**
     * Matches a header with the declaration.
     *
     * @throws ArclightException BAD_INPUT, naming file, what was seen and what was expected
     */
    static Layout match(Table table, String file, List<String> header) {
        List<Column> columns = table.columns();
        checkSeparator(table, file, header);
        Map<String, List<Integer>> byName = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            byName.computeIfAbsent(Names.canonical(header.get(i)), name -> new ArrayList<>())
                    .add(i);
        }
        List<Integer> sources = new ArrayList<>();
        Map<String, List<Integer>> alternatives = new LinkedHashMap<>();
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, String> renamed = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        Map<Integer, String> used = new LinkedHashMap<>();
        for (Column column : columns) {
            Table.FromFileName fromName = table.fromFileName(column.name());
            if (fromName != null) {
                sources.add(-1);
                values.put(column.name(), fromName.valueFor(file.substring(file.lastIndexOf('/') + 1)));
                continue;
            }
            List<Integer> found = find(column, byName);
            if (found.isEmpty()) {
                sources.add(-1);
                missing.add(column.name());
                continue;
            }
            int index = found.get(0);
            sources.add(index);
            if (found.size() > 1) {
                alternatives.put(column.name(), List.copyOf(found.subList(1, found.size())));
            }
            for (int one : found) {
                String other = used.put(one, column.name());
                if (other != null) {
                    throw ArclightException.badInput("%s: column '%s' is declared as both %s and %s of table %s"
                            .formatted(file, header.get(one), other, column.name(), table.name()));
                }
            }
            if (!header.get(index).equals(column.name())) {
                renamed.put(column.name(), header.get(index));
            }
        }
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            if (!used.containsKey(i)) {
                unknown.add(header.get(i));
            }
        }
        checkMissing(table, file, missing, unknown);
        return new Layout(file, List.copyOf(header), sources, alternatives, values, renamed, missing, unknown);
    }

    private static List<Integer> find(Column column, Map<String, List<Integer>> byName) {
        Set<Integer> found = new LinkedHashSet<>(byName.getOrDefault(Names.canonical(column.name()), List.of()));
        for (String alias : column.aliases()) {
            found.addAll(byName.getOrDefault(Names.canonical(alias), List.of()));
        }
        return List.copyOf(found);
    }

    private static void checkSeparator(Table table, String file, List<String> header) {
        if (header.size() != 1 || table.columns().size() == 1) {
            return;
        }
        String line = header.get(0);
        for (int i = 0; i < SEPARATORS.length(); i++) {
            char other = SEPARATORS.charAt(i);
            if (other != table.separator() && line.indexOf(other) >= 0) {
                throw ArclightException.badInput(
                        "%s: the header has 1 column where table %s has %d: '%s' is used as separator, '%s' was expected"
                                .formatted(
                                        file,
                                        table.name(),
                                        table.columns().size(),
                                        shown(other),
                                        shown(table.separator())));
            }
        }
    }

    private static void checkMissing(Table table, String file, List<String> missing, List<String> unknown) {
        List<String> required = new ArrayList<>();
        StringBuilder hints = new StringBuilder();
        for (Column column : table.columns()) {
            if (missing.contains(column.name()) && !column.optional()) {
                required.add(column.name());
                Optional<String> near = Names.nearest(column.name(), unknown);
                near.ifPresent(name -> hints.append(" Did you mean '%s' by '%s'?".formatted(column.name(), name)));
            }
        }
        if (required.isEmpty()) {
            return;
        }
        String has =
                unknown.isEmpty() ? "" : "; columns nobody asked for: " + String.join(", ", new TreeSet<>(unknown));
        throw ArclightException.badInput("%s: missing %s %s of table %s%s.%s"
                .formatted(
                        file,
                        required.size() == 1 ? "column" : "columns",
                        String.join(", ", required),
                        table.name(),
                        has,
                        hints));
    }

    private static String shown(char separator) {
        return separator == '\t' ? "\\t" : String.valueOf(separator);
    }
}
