package dev.arclight.track.sql;

import dev.arclight.track.sql.Session.Work;

/** Gives sessions. Safe for use by many threads. */
interface Database extends AutoCloseable {
    /** Does {@code work} on one consistent state. */
    <T> T read(Work<T> work);

    /** Does {@code work} alone, all or nothing; on disk when this returns. */
    <T> T write(Work<T> work);

    Dialect dialect();

    @Override
    void close();
}
