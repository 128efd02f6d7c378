package dev.arclight.base.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A part of a {@link Report} with a heading of its own. What is added appears in the order of the calls. */
public final class Section {
    private final String heading;
    private final List<Block> blocks = new ArrayList<>();

    Section(String heading) {
        this.heading = heading;
    }

    /** What a section is made of. */
    sealed interface Block {
        record Paragraph(Text text) implements Block {}

        record Heading(String text) implements Block {}

        record Note(Text text, boolean warning) implements Block {}

        record Code(String code) implements Block {}

        record Tabular(Table table) implements Block {}

        record Chartset(List<Chart> charts, boolean grid) implements Block {}
    }

    /** A paragraph. */
    public Section text(String text) {
        return text(Text.of(text));
    }

    /** A paragraph. */
    public Section text(Text text) {
        return add(new Block.Paragraph(Objects.requireNonNull(text)));
    }

    /** A smaller heading inside the section. */
    public Section heading(String text) {
        return add(new Block.Heading(Objects.requireNonNull(text)));
    }

    /** A call-out: something the reader should know. */
    public Section note(String text) {
        return note(Text.of(text));
    }

    /** A call-out: something the reader should know. */
    public Section note(Text text) {
        return add(new Block.Note(Objects.requireNonNull(text), false));
    }

    /** A call-out that catches the eye: something the reader must not miss. */
    public Section warning(String text) {
        return warning(Text.of(text));
    }

    /** A call-out that catches the eye: something the reader must not miss. */
    public Section warning(Text text) {
        return add(new Block.Note(Objects.requireNonNull(text), true));
    }

    /** A block of code, such as a command line, with a button that copies it. */
    public Section code(String code) {
        return add(new Block.Code(Objects.requireNonNull(code)));
    }

    /** A table. Rows added to {@code table} later are shown too. */
    public Section table(Table table) {
        return add(new Block.Tabular(Objects.requireNonNull(table)));
    }

    /** A chart over the whole width. */
    public Section chart(Chart chart) {
        return add(new Block.Chartset(List.of(chart), false));
    }

    /** Small charts side by side, as many in a row as fit. */
    public Section charts(List<? extends Chart> charts) {
        return add(new Block.Chartset(List.copyOf(charts), true));
    }

    /** Small charts side by side, as many in a row as fit. */
    public Section charts(Chart... charts) {
        return charts(List.of(charts));
    }

    String heading() {
        return heading;
    }

    List<Block> blocks() {
        return blocks;
    }

    private Section add(Block block) {
        blocks.add(block);
        return this;
    }
}
