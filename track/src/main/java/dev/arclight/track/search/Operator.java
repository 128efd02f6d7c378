package dev.arclight.track.search;

/** How a field is compared. */
public enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    /** Case-sensitive; {@code %} any text, {@code _} any character. */
    LIKE("LIKE"),
    /** LIKE that takes ASCII letters of either case for the same. */
    ILIKE("ILIKE"),
    IN("IN"),
    NOT_IN("NOT IN"),
    IS_NULL("IS NULL"),
    IS_NOT_NULL("IS NOT NULL");

    private final String text;

    Operator(String text) {
        this.text = text;
    }

    /** As it is written in a filter and in SQL. */
    public String text() {
        return text;
    }

    boolean isOrder() {
        return switch (this) {
            case EQUAL, NOT_EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL -> true;
            default -> false;
        };
    }

    boolean isNullTest() {
        return this == IS_NULL || this == IS_NOT_NULL;
    }

    boolean takesList() {
        return this == IN || this == NOT_IN;
    }
}
