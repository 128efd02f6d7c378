package dev.arclight.track;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What every implementation of {@link Tracking} does. A room passes by extending this, and says what it lacks. */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class TrackingContract {
    /** The store under test, open; the same one for all tests. */
    protected abstract Tracking tracking();

    /** Whether it is a server of MLflow 2, which has neither {@code IS NULL} in filters nor logged models. */
    protected boolean isMlflow2() {
        return false;
    }

    /** What is no filter. */
    protected List<String> noFilters() {
        return RunSearchContract.NO_FILTERS;
    }

    @Nested
    final class OfRuns extends RunsContract {
        @Override
        protected Tracking tracking() {
            return TrackingContract.this.tracking();
        }
    }

    @Nested
    final class OfSearches extends RunSearchContract {
        @Override
        protected Tracking tracking() {
            return TrackingContract.this.tracking();
        }

        @Override
        protected boolean knowsIsNull() {
            return !isMlflow2();
        }

        @Override
        protected List<String> noFilters() {
            return TrackingContract.this.noFilters();
        }
    }

    @Nested
    final class OfArtifacts extends ArtifactsContract {
        @Override
        protected Tracking tracking() {
            return TrackingContract.this.tracking();
        }
    }

    @Nested
    final class OfTheRegistry extends RegistryContract {
        @Override
        protected Tracking tracking() {
            return TrackingContract.this.tracking();
        }

        @Override
        protected String modelIds() {
            return isMlflow2() ? "runs:/[0-9a-f]{32}/model" : "m-[0-9a-f]{32}";
        }

        @Override
        protected boolean searchesLoggedModels() {
            return !isMlflow2();
        }
    }
}
