package dev.arclight.track.search;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.track.search.Lexer.Shape;
import dev.arclight.track.search.Lexer.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses filters and orders as MLflow 3.17 understands them.
 *
 * <pre>
 * filter     = [ comparison { AND comparison } ]
 * comparison = field operator value | field [NOT] IN "(" text { "," text } ")" | field IS [NOT] NULL
 * field      = [ prefix "." ] key        key: words joined by dots, or quoted by ` or "
 * order      = field [ ASC | DESC ]
 * </pre>
 *
 * <p>There is no OR. Text is quoted by ' or ", numbers are bare.
 */
public final class FilterParser {
    private final Subject subject;
    private final String input;
    private final List<Token> tokens;
    private int next;

    private FilterParser(Subject subject, String input) {
        this.subject = subject;
        this.input = input;
        this.tokens = Lexer.tokens(input);
    }

    /**
     * The conditions of a filter; none for a blank one.
     *
     * @throws dev.arclight.base.ArclightException BAD_INPUT, with the position, for what MLflow would refuse
     */
    public static List<Comparison> filter(Subject subject, String text) {
        return new FilterParser(subject, text).filter();
    }

    /** The keys of an order, each a text such as {@code metrics.auc DESC}; the same key twice is refused. */
    public static List<OrderBy> order(Subject subject, List<String> texts) {
        List<OrderBy> keys = new ArrayList<>();
        for (String text : texts) {
            OrderBy key = new FilterParser(subject, text).order();
            if (keys.stream().anyMatch(other -> other.field().equals(key.field()))) {
                throw badInput("`order_by` contains duplicate fields: %s".formatted(texts));
            }
            keys.add(key);
        }
        return keys;
    }

    private List<Comparison> filter() {
        List<Comparison> all = new ArrayList<>();
        if (peek().shape() == Shape.END) {
            return all;
        }
        all.add(comparison());
        while (peek().shape() != Shape.END) {
            if (!peek().is("and")) {
                throw invalid(peek(), "expected AND or the end");
            }
            next++;
            all.add(comparison());
        }
        return all;
    }

    private OrderBy order() {
        Field field = field(true);
        if (field.kind() == Field.Kind.DATASET) {
            throw badInput("Invalid order_by clause '%s': runs cannot be ordered by their datasets".formatted(input));
        }
        boolean ascending = true;
        if (peek().is("asc") || peek().is("desc")) {
            ascending = take().is("asc");
        }
        if (peek().shape() != Shape.END) {
            throw badInput("Invalid order_by clause '%s': expected a field, then ASC or DESC".formatted(input));
        }
        return new OrderBy(field, ascending);
    }

    private Comparison comparison() {
        Field field = field(false);
        Operator operator = operator();
        subject.check(field, operator);
        if (operator.isNullTest()) {
            return new Comparison(field, operator, new Operand.Nothing());
        }
        if (operator.takesList()) {
            return new Comparison(field, operator, list());
        }
        Token value = take();
        if (subject.isNumber(field)) {
            if (value.shape() != Shape.NUMBER) {
                throw invalid(value, "expected a number to compare '" + field.key() + "' with");
            }
            return new Comparison(field, operator, new Operand.Numeric(number(value)));
        }
        if (value.shape() != Shape.STRING) {
            throw invalid(value, "expected a quoted text, such as 'x', to compare '" + field.key() + "' with");
        }
        return new Comparison(field, operator, new Operand.Text(value.text()));
    }

    private Field field(boolean forOrder) {
        Token first = take();
        if (first.shape() != Shape.WORD && first.shape() != Shape.BACKTICKED && first.shape() != Shape.STRING) {
            throw invalid(first, "expected a field such as metrics.auc");
        }
        if (peek().shape() != Shape.DOT) {
            return subject.field("", first.text(), forOrder);
        }
        next++;
        Token part = take();
        if (part.shape() == Shape.STRING || part.shape() == Shape.BACKTICKED) {
            return subject.field(first.text(), part.text(), forOrder);
        }
        StringBuilder key = new StringBuilder();
        while (true) {
            if (part.shape() != Shape.WORD) {
                throw invalid(part, "expected a name; one with other characters than letters, digits and _ needs `…`");
            }
            key.append(part.text());
            if (peek().shape() != Shape.DOT) {
                return subject.field(first.text(), key.toString(), forOrder);
            }
            key.append(take().text());
            part = take();
        }
    }

    private Operator operator() {
        Token token = take();
        if (token.shape() == Shape.OPERATOR) {
            for (Operator operator : Operator.values()) {
                if (operator.text().equals(token.text())) {
                    return operator;
                }
            }
        }
        if (token.is("like")) {
            return Operator.LIKE;
        }
        if (token.is("ilike")) {
            return Operator.ILIKE;
        }
        if (token.is("in")) {
            return Operator.IN;
        }
        if (token.is("not") && peek().is("in")) {
            next++;
            return Operator.NOT_IN;
        }
        if (token.is("is")) {
            boolean not = peek().is("not");
            if (not) {
                next++;
            }
            if (take().is("null")) {
                return not ? Operator.IS_NOT_NULL : Operator.IS_NULL;
            }
        }
        throw invalid(token, "expected =, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN, IS NULL or IS NOT NULL");
    }

    private Operand list() {
        List<String> values = new ArrayList<>();
        Token token = take();
        if (token.shape() != Shape.OPEN) {
            throw invalid(token, "expected ( and a list of quoted texts");
        }
        while (true) {
            Token value = take();
            if (value.shape() == Shape.CLOSE && !values.isEmpty()) {
                return new Operand.Texts(values); // Python's ('a',)
            }
            if (value.shape() != Shape.STRING) {
                throw invalid(value, "expected a non-empty list of quoted texts");
            }
            values.add(value.text());
            Token after = take();
            if (after.shape() == Shape.CLOSE) {
                return new Operand.Texts(values);
            }
            if (after.shape() != Shape.COMMA) {
                throw invalid(after, "expected , or )");
            }
        }
    }

    private double number(Token token) {
        try {
            return Double.parseDouble(token.text());
        } catch (NumberFormatException e) {
            throw invalid(token, "expected a number");
        }
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        if (token.shape() != Shape.END) {
            next++;
        }
        return token;
    }

    private RuntimeException invalid(Token token, String expected) {
        String seen = token.shape() == Shape.END ? "the end" : "'" + token.text() + "'";
        return badInput("Invalid clause(s) in filter string: %s at position %d of \"%s\"; %s"
                .formatted(seen, token.at() + 1, input, expected));
    }
}
