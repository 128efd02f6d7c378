package dev.arclight.track.search;

import static dev.arclight.base.ArclightException.badInput;

import java.util.ArrayList;
import java.util.List;

/** Cuts a filter into tokens. */
final class Lexer {
    enum Shape {
        WORD,
        /** Quoted by ' or ". */
        STRING,
        /** Quoted by backticks. */
        BACKTICKED,
        NUMBER,
        OPERATOR,
        DOT,
        COMMA,
        OPEN,
        CLOSE,
        END
    }

    /**
     * @param text without quotes
     * @param quote the quote, or 0
     * @param at position of its first character, from 0
     * @param glued whether no space is before it
     */
    record Token(Shape shape, String text, char quote, int at, boolean glued) {
        boolean is(String word) {
            return shape == Shape.WORD && text.equalsIgnoreCase(word);
        }
    }

    private final String input;
    private int at;

    private Lexer(String input) {
        this.input = input;
    }

    static List<Token> tokens(String input) {
        return new Lexer(input).run();
    }

    private List<Token> run() {
        List<Token> tokens = new ArrayList<>();
        while (true) {
            int before = at;
            while (at < input.length() && Character.isWhitespace(input.charAt(at))) {
                at++;
            }
            Token token = next(at == before && before > 0, tokens);
            tokens.add(token);
            if (token.shape() == Shape.END) {
                return tokens;
            }
        }
    }

    private Token next(boolean glued, List<Token> before) {
        int start = at;
        if (at >= input.length()) {
            return new Token(Shape.END, "", '\0', at, glued);
        }
        char c = input.charAt(at);
        if (c == '\'' || c == '"' || c == '`') {
            return quoted(c, glued);
        }
        // In "params.2" neither ".2" nor "2" is a number.
        Shape last =
                before.isEmpty() ? Shape.END : before.get(before.size() - 1).shape();
        boolean inField = last == Shape.DOT || (glued && c == '.' && (last == Shape.WORD || last == Shape.BACKTICKED));
        if (!inField && startsNumber()) {
            return number(glued);
        }
        if (isWordPart(c)) {
            while (at < input.length() && isWordPart(input.charAt(at))) {
                at++;
            }
            return new Token(Shape.WORD, input.substring(start, at), '\0', start, glued);
        }
        at++;
        return switch (c) {
            case '.' -> new Token(Shape.DOT, ".", '\0', start, glued);
            case ',' -> new Token(Shape.COMMA, ",", '\0', start, glued);
            case '(' -> new Token(Shape.OPEN, "(", '\0', start, glued);
            case ')' -> new Token(Shape.CLOSE, ")", '\0', start, glued);
            case '=' -> new Token(Shape.OPERATOR, "=", '\0', start, glued);
            case '!', '<', '>' -> operator(c, start, glued);
            default ->
                throw badInput("Invalid clause(s) in filter string: '%s' at position %d of \"%s\""
                        .formatted(c, start + 1, input));
        };
    }

    private Token operator(char c, int start, boolean glued) {
        boolean two = at < input.length() && input.charAt(at) == '=';
        if (two) {
            at++;
        } else if (c == '!') {
            throw badInput("Invalid clause(s) in filter string: '!' at position %d of \"%s\"; expected '!='"
                    .formatted(start + 1, input));
        }
        return new Token(Shape.OPERATOR, two ? c + "=" : String.valueOf(c), '\0', start, glued);
    }

    private Token quoted(char quote, boolean glued) {
        int start = at;
        int end = at + 1;
        while (end < input.length() && input.charAt(end) != quote) {
            // As MLflow has it: a quote is doubled or escaped within quotes, and both characters belong to the value.
            boolean pair = end + 1 < input.length()
                    && input.charAt(end) == '\\'
                    && input.charAt(end + 1) == quote
                    && quote != '`';
            end += pair ? 2 : 1;
            while (quote != '`'
                    && end + 1 < input.length()
                    && input.charAt(end) == quote
                    && input.charAt(end + 1) == quote) {
                end += 2;
            }
        }
        if (end >= input.length()) {
            throw badInput("The %c at position %d of \"%s\" is never closed".formatted(quote, start + 1, input));
        }
        at = end + 1;
        return new Token(
                quote == '`' ? Shape.BACKTICKED : Shape.STRING, input.substring(start + 1, end), quote, start, glued);
    }

    private boolean startsNumber() {
        int digit = at;
        if (input.charAt(digit) == '-' || input.charAt(digit) == '+') {
            digit++;
        }
        if (digit < input.length() && input.charAt(digit) == '.') {
            digit++;
        }
        if (digit >= input.length() || !isDigit(input.charAt(digit))) {
            return false;
        }
        int end = numberEnd();
        return end >= input.length() || !isWordPart(input.charAt(end));
    }

    private Token number(boolean glued) {
        int start = at;
        at = numberEnd();
        return new Token(Shape.NUMBER, input.substring(start, at), '\0', start, glued);
    }

    private int numberEnd() {
        int end = at + 1;
        boolean exponent = false;
        while (end < input.length()) {
            char c = input.charAt(end);
            boolean sign = (c == '-' || c == '+') && "eE".indexOf(input.charAt(end - 1)) >= 0;
            if ((c == 'e' || c == 'E') && !exponent) {
                exponent = true;
            } else if (!isDigit(c) && c != '.' && !sign) {
                break;
            }
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || Character.isSurrogate(c);
    }
}
