package dev.arclight.base.progress;

import java.util.concurrent.atomic.AtomicBoolean;

/** A task that keeps count and ends once; how it looks is up to each kind of progress. */
abstract class WorkTask implements Progress.Task {
    final Work work;
    private final AtomicBoolean over = new AtomicBoolean();

    WorkTask(Work work) {
        this.work = work;
    }

    /** Shows the new state if it is time to. */
    abstract void moved();

    /** Shows the new remark if it is time to; one that waits for the next move needs nothing. */
    void noted() {}

    /** Shows the end; called once. */
    abstract void done();

    /** Shows the end; called once. */
    abstract void failed(String reason);

    final boolean isOver() {
        return over.get();
    }

    @Override
    public final void advance(long units) {
        work.advance(units);
        moved();
    }

    @Override
    public final void moveTo(long units) {
        work.moveTo(units);
        moved();
    }

    @Override
    public final void note(String remark) {
        work.note(remark);
        noted();
    }

    @Override
    public final void fail(String reason) {
        if (over.compareAndSet(false, true)) {
            failed(Wording.clean(reason));
        }
    }

    @Override
    public final void close() {
        if (over.compareAndSet(false, true)) {
            done();
        }
    }
}
