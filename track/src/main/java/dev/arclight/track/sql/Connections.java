package dev.arclight.track.sql;

import dev.arclight.base.ArclightException;
import java.sql.SQLException;

/** Opens connections to one database, set up as the store needs them. Safe for use by many threads. */
interface Connections {
    /** Which database, for a person. Holds no secret. */
    String name();

    Dialect dialect();

    /** A connection that writes; makes the schema or leads it to the latest version. */
    Session openWriter();

    /** A connection that cannot write. */
    Session openReader();

    /** Begins a transaction that no other writer of the database, in any process, runs beside. */
    String beginWriting();

    /** Begins a transaction that sees one state of the database. */
    String beginReading();

    /** Says in one sentence what the database ran into. */
    ArclightException explain(SQLException cause);

    /** Whether the connection is gone, so that only another one can go on. */
    boolean isLost(SQLException cause);
}
