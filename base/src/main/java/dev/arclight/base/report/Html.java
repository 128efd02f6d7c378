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
                case '\t', '\n', '\r' -> out.append(c);
                default -> out.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
        return out.toString();
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
