/** The session: Arclight.start(...), engine choice. Spark begins here. */
@NullMarked
package dev.arclight.engine;

import org.jspecify.annotations.NullMarked;
