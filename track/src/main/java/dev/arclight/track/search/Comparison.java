package dev.arclight.track.search;

/** One condition of a filter; all of a filter's conditions must hold. */
public record Comparison(Field field, Operator operator, Operand operand) {}
