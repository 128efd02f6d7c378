package dev.arclight.base.progress;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a person sees: a terminal that knows the few control sequences that progress uses, and refuses others. */
final class Screen extends OutputStream {
    private final StringBuilder received = new StringBuilder();
    private final List<Byte> bytes = new ArrayList<>();
    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private final boolean colours;
    private int row;
    private int column;

    /** @param colours whether colour codes stay in the text */
    Screen(boolean colours) {
        this.colours = colours;
    }

    @Override
    public synchronized void write(int b) {
        bytes.add((byte) b);
    }

    @Override
    public synchronized void flush() {
        byte[] all = new byte[bytes.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = bytes.get(i);
        }
        bytes.clear();
        String text = new String(all, StandardCharsets.UTF_8);
        received.append(text);
        show(text);
    }

    /** All that was ever written. */
    synchronized String received() {
        return received.toString();
    }

    /** The lines, without blanks at their ends and without empty ones at the bottom. */
    synchronized List<String> shown() {
        List<String> shown = new ArrayList<>(
                lines.stream().map(line -> line.toString().stripTrailing()).toList());
        while (!shown.isEmpty() && shown.get(shown.size() - 1).isEmpty()) {
            shown.remove(shown.size() - 1);
        }
        return shown;
    }

    private void show(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                row++;
                column = 0;
                if (row == lines.size()) {
                    lines.add(new StringBuilder());
                }
            } else if (c == '\r') {
                column = 0;
            } else if (c == '\033') {
                int end = i + 2;
                while (!Character.isLetter(text.charAt(end))) {
                    end++;
                }
                control(text.substring(i, end + 1));
                i = end;
            } else {
                put(c);
            }
        }
    }

    private void control(String sequence) {
        char kind = sequence.charAt(sequence.length() - 1);
        if (kind == 'A') {
            row -= Integer.parseInt(sequence.substring(2, sequence.length() - 1));
        } else if (kind == 'K') {
            lines.get(row).setLength(Math.min(column, lines.get(row).length()));
        } else if (kind == 'J') {
            lines.get(row).setLength(Math.min(column, lines.get(row).length()));
            while (lines.size() > row + 1) {
                lines.remove(lines.size() - 1);
            }
        } else if (kind == 'm') {
            if (colours) {
                sequence.chars().forEach(c -> put((char) c));
            }
        } else {
            throw new AssertionError("Unknown control sequence: " + sequence.substring(1));
        }
        if (row < 0) {
            throw new AssertionError("The cursor left the screen");
        }
    }

    private void put(char c) {
        StringBuilder line = lines.get(row);
        while (line.length() <= column) {
            line.append(' ');
        }
        line.setCharAt(column++, c);
    }
}
