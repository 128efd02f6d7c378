package dev.arclight.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.nio.file.Path;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store under test, with an experiment of its own for each test. Each contract of {@link Tracking} begins here. */
public abstract class StoreContract {
    @TempDir
    protected Path folder;

    protected Experiment experiment;

    /** The store under test, open; the same one within a test. */
    protected abstract Tracking tracking();

    @BeforeEach
    final void makeAnExperiment() {
        experiment = tracking().experiment("e-" + UUID.randomUUID());
    }

    /** A run with a name that goes on running. */
    protected final String run(String name) {
        return tracking().runs().create(RunStart.in(experiment).named(name)).id();
    }

    protected static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ArclightException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }
}
