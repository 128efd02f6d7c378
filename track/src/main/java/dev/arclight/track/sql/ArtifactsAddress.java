package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Artifacts;
import dev.arclight.track.artifacts.ArtifactPlaces;
import dev.arclight.track.artifacts.LocalArtifacts;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Where a store's artifacts lie, kept in the store itself, so that all who open it write to one place. Nothing is kept
 * of a store with its artifacts in its own folder, which can be moved as a whole, nor of the shared folder of a team's
 * database, which their machines may call by different names.
 *
 * @param store for a person
 * @param own the folder where artifacts lie if nothing is kept; empty for a team's database
 */
record ArtifactsAddress(Database database, String store, Optional<String> own) {
    private static final String KEY = "artifacts";

    /**
     * Opens the place.
     *
     * @param wanted kept, if nothing else is kept and nothing lies in the store's own folder. Of two programs that want
     *     different places at once, one is refused.
     * @return owned by the caller; where no place is known, artifacts that say so
     * @throws ArclightException BAD_INPUT if the artifacts lie elsewhere
     */
    Artifacts open(Optional<String> wanted) {
        if (wanted.isEmpty()) {
            String present = present().orElse("");
            return own.equals(Optional.of(present))
                    ? ArtifactPlaces.open(present)
                    : new ArtifactsOnDemand(() -> openKept(present));
        }
        Artifacts place = ArtifactPlaces.open(wanted.get()); // before it is kept: it may be none
        try {
            settle(ArtifactPlaces.normalized(wanted.get()));
            return place;
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private static Artifacts openKept(String address) {
        if (address.isEmpty()) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "This store has no place for artifacts: set ARCLIGHT_TRACKING_ARTIFACTS to a folder that all who use"
                            + " it share");
        }
        return ArtifactPlaces.open(address);
    }

    private Optional<String> present() {
        return database.read(ArtifactsAddress::kept).or(this::own);
    }

    private void settle(String address) {
        boolean isSettled = database.write(session -> {
            Optional<String> kept = kept(session);
            if (kept.isPresent() || (own.isPresent() && !isEmpty(own.get()))) {
                return kept.or(this::own).equals(Optional.of(address));
            }
            if (!isOwn(address)) {
                keep(session, address);
            }
            return true;
        });
        if (!isSettled) {
            throw badInput(("The store %s keeps its artifacts at %s, not at %s: leave the address out, or, to move"
                            + " them, end all programs that use the store, copy what is there to the new place, and"
                            + " run: arclight tracking artifacts --store %s --moved-to %s")
                    .formatted(store, present().orElse("no place"), address, store, address));
        }
    }

    /** Whether an address is not to be kept. */
    private boolean isOwn(String address) {
        return own.isPresent()
                ? own.get().equals(address)
                : ArtifactPlaces.folder(address).isPresent();
    }

    /**
     * Takes note that the artifacts were copied to {@code wanted}.
     *
     * @throws ArclightException BAD_STATE if there is nothing, though there is something where they were
     */
    void moved(String wanted) {
        String address = ArtifactPlaces.normalized(wanted);
        Optional<String> before = present();
        if (!before.equals(Optional.of(address)) && isEmpty(address) && !isEmpty(before.orElse(address))) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "There is nothing at %s: copy what is at %s to it first".formatted(address, before.orElse("")));
        }
        database.write(session -> {
            if (isOwn(address)) {
                return session.update("DELETE FROM store_settings WHERE key = ?", KEY);
            }
            keep(session, address);
            return 1;
        });
    }

    private static Optional<String> kept(Session session) throws SQLException {
        return session.first("SELECT value FROM store_settings WHERE key = ?", row -> row.getString(1), KEY);
    }

    private static void keep(Session session, String address) throws SQLException {
        session.update(
                "INSERT INTO store_settings (key, value) VALUES (?, ?)"
                        + " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                KEY,
                address);
    }

    private static boolean isEmpty(String address) {
        try (Artifacts artifacts = ArtifactPlaces.open(address)) {
            return artifacts.list(LocalArtifacts.SCHEME, "").isEmpty();
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot look for artifacts at %s: %s".formatted(address, e.getMessage()), e);
        }
    }
}
