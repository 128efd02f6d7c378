package dev.arclight.tables;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The elements of one iterator after another, each opened when the one before has ended. */
final class Chained<S, T> implements Iterator<T> {
    private final Iterator<S> sources;
    private final Function<S, ? extends Iterator<T>> open;
    private Iterator<T> current = Collections.emptyIterator();

    Chained(Iterator<S> sources, Function<S, ? extends Iterator<T>> open) {
        this.sources = sources;
        this.open = open;
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext()) {
            if (!sources.hasNext()) {
                return false;
            }
            current = open.apply(sources.next());
        }
        return true;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }
}
