package dev.arclight.base.report;

import dev.arclight.base.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A page for a person to read: headline facts, then sections of text, tables and charts, then sources. One file of
 * about 1 MB (the chart library is in it) that needs no network, fits a phone, follows the reader's light or dark
 * setting and prints.
 *
 * <pre>{@code
 * Report report = Report.titled("Wine quality").subtitle("From raw tables to a served model");
 * report.fact("Test AUC", "0.9054", "champion, version 2");
 * report.section("Data")
 *         .text("6,497 rows in two files.")
 *         .chart(Charts.histogram("Alcohol", Axis.of("% vol"), edges, counts));
 * report.write(out.resolve("report.html"));
 * }</pre>
 *
 * <p>Not safe for use by many threads. The same calls give the same bytes.
 */
public final class Report {
    private final String title;
    private String subtitle = "";
    private final List<Fact> facts = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private final List<Text> sources = new ArrayList<>();

    private Report(String title) {
        this.title = title;
    }

    /** A headline tile. */
    record Fact(String label, String value, String remark) {}

    /** An empty report; {@code title} is its first heading and the browser's window title. */
    public static Report titled(String title) {
        return new Report(Objects.requireNonNull(title));
    }

    /** One sentence under the title. */
    public Report subtitle(String text) {
        subtitle = Objects.requireNonNull(text);
        return this;
    }

    /** A tile on top: a figure the reader came for. */
    public Report fact(String label, String value) {
        return fact(label, value, "");
    }

    /**
     * A tile on top: a figure the reader came for.
     *
     * @param label what it is, such as {@code Test AUC}
     * @param value as it is to be read, such as {@code 0.9054}
     * @param remark a few words below it, or empty
     */
    public Report fact(String label, String value, String remark) {
        facts.add(
                new Fact(Objects.requireNonNull(label), Objects.requireNonNull(value), Objects.requireNonNull(remark)));
        return this;
    }

    /** Adds a section, which the caller fills. */
    public Section section(String heading) {
        Section section = new Section(Objects.requireNonNull(heading));
        sections.add(section);
        return section;
    }

    /** A line at the end of the page: where data comes from, and under which licence. */
    public Report source(Text text) {
        sources.add(Objects.requireNonNull(text));
        return this;
    }

    /** A line at the end of the page, in plain text. */
    public Report source(String text) {
        return source(Text.of(text));
    }

    /**
     * Writes the page to {@code file}, whole or not at all; parent directories are made.
     *
     * @throws IOException if it cannot be written; an older file is then untouched
     */
    public void write(Path file) throws IOException {
        AtomicFiles.write(file, this::write);
    }

    /** Writes the page to {@code out}, as UTF-8; the caller closes it. */
    public void write(OutputStream out) throws IOException {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        new PageHtml(this).writeTo(writer);
        writer.flush();
    }

    String title() {
        return title;
    }

    String subtitle() {
        return subtitle;
    }

    List<Fact> facts() {
        return facts;
    }

    List<Section> sections() {
        return sections;
    }

    List<Text> sources() {
        return sources;
    }
}
