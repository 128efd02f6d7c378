/** What a table holds, in numbers: computed in one pass. Start at {@link dev.arclight.tables.profile.Profile}. */
@NullMarked
package dev.arclight.tables.profile;

import org.jspecify.annotations.NullMarked;
