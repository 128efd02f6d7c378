package dev.arclight.track.search;

/** One key of an order. */
public record OrderBy(Field field, boolean ascending) {}
