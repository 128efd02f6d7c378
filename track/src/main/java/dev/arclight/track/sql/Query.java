package dev.arclight.track.sql;

import java.util.ArrayList;
import java.util.List;

/** A SELECT that grows. Each part brings its arguments in the order in which the parts stand in the statement. */
final class Query {
    private final String select;
    private boolean inOrder;
    private final StringBuilder joins = new StringBuilder();
    private final List<Object> joinArguments = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> conditionArguments = new ArrayList<>();
    private final List<String> order = new ArrayList<>();
    private String group = "";

    Query(String select) {
        this.select = select;
    }

    /** From now on tables are joined one after the other as they are named: the database does not choose. */
    void joinInOrder(Dialect dialect) {
        inOrder = dialect.keepsOrderOfCrossJoins();
    }

    /** Joins what there must be. */
    void inner(String table, String on, Object... arguments) {
        join("%s %s ON %s".formatted(inOrder ? "CROSS JOIN" : "JOIN", table, on), arguments);
    }

    void join(String join, Object... arguments) {
        joins.append(' ').append(join);
        joinArguments.addAll(List.of(arguments));
    }

    void where(String condition, Object... arguments) {
        conditions.add(condition);
        conditionArguments.addAll(List.of(arguments));
    }

    void groupBy(String key) {
        group = " GROUP BY " + key;
    }

    void orderBy(String key) {
        order.add(key);
    }

    String sql() {
        return select + joins
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                + group
                + (order.isEmpty() ? "" : " ORDER BY " + String.join(", ", order)) + " LIMIT ? OFFSET ?";
    }

    Object[] arguments(int limit, long offset) {
        List<Object> all = new ArrayList<>(joinArguments);
        all.addAll(conditionArguments);
        all.add(limit);
        all.add(offset);
        return all.toArray();
    }
}
