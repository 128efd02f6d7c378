package dev.arclight.base.report;

/** Text as HTML. */
final class Html {
    private Html() {}

    /** {@code text} for element content and for attributes in double quotes. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\r' -> out.append("&#13;"); // a plain one becomes a line feed
                case '\t', '\n' -> out.append(c);
                default -> out.append(Character.isISOControl(c) || isAlone(text, i) ? '\uFFFD' : c);
            }
        }
        return out.toString();
    }

    /** Whether the character at {@code i} is half of a pair whose other half is missing: no encoder takes it. */
    private static boolean isAlone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    static String of(Text text) {
        StringBuilder out = new StringBuilder();
        for (Text.Span span : text.spans()) {
            String inner = escaped(span.text());
            switch (span.style()) {
                case PLAIN -> out.append(inner);
                case STRONG -> out.append("<strong>").append(inner).append("</strong>");
                case CODE -> out.append("<code>").append(inner).append("</code>");
                case LINK ->
                    out.append("<a rel=\"noopener noreferrer\" href=\"")
                            .append(escaped(span.address()))
                            .append("\">")
                            .append(inner)
                            .append("</a>");
            }
        }
        return out.toString();
    }
}
