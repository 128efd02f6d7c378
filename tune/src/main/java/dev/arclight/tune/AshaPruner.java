package dev.arclight.tune;

import dev.arclight.tune.FinishedTrial.Report;
import java.util.List;

final class AshaPruner extends Pruner {
    private final int leastSteps;
    private final int reduction;

    AshaPruner(int leastSteps, int reduction) {
        if (leastSteps < 1 || reduction < 2) {
            throw new IllegalArgumentException("leastSteps=%d reduction=%d".formatted(leastSteps, reduction));
        }
        this.leastSteps = leastSteps;
        this.reduction = reduction;
    }

    @Override
    boolean gives(List<Report> reports, List<FinishedTrial> known, Direction direction) {
        int last = reports.get(reports.size() - 1).step();
        int before = reports.size() < 2 ? -1 : reports.get(reports.size() - 2).step();
        long rung = leastSteps;
        while (rung <= before + 1L) {
            rung *= reduction;
        }
        // Step s is the (s + 1)-th, so a rung of r steps is reached by step r - 1.
        int step = (int) Math.min(rung - 1, Integer.MAX_VALUE);
        if (last < step) {
            return false;
        }
        double own = bestLoss(reports, step, direction);
        double[] others = known.stream()
                .filter(t -> reached(t, step))
                .mapToDouble(t -> bestLoss(t.reports(), step, direction))
                .toArray();
        long better = java.util.Arrays.stream(others).filter(loss -> loss < own).count();
        int promoted = Math.max(1, (others.length + 1) / reduction);
        return others.length + 1 >= reduction && better >= promoted;
    }

    /** A trial that completed before the rung (early stopping) has shown all it can do. */
    private static boolean reached(FinishedTrial trial, int step) {
        List<Report> reports = trial.reports();
        return !reports.isEmpty()
                && (trial.value().isPresent() || reports.get(reports.size() - 1).step() >= step);
    }
}
