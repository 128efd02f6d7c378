package dev.arclight.tune;

import dev.arclight.tune.FinishedTrial.Report;
import java.util.List;

final class MedianPruner extends Pruner {
    private final int startUpTrials;
    private final int warmUpSteps;

    MedianPruner(int startUpTrials, int warmUpSteps) {
        if (startUpTrials < 1 || warmUpSteps < 0) {
            throw new IllegalArgumentException("startUpTrials=%d warmUpSteps=%d".formatted(startUpTrials, warmUpSteps));
        }
        this.startUpTrials = startUpTrials;
        this.warmUpSteps = warmUpSteps;
    }

    @Override
    boolean gives(List<Report> reports, List<FinishedTrial> known, Direction direction) {
        int step = reports.get(reports.size() - 1).step();
        if (step < warmUpSteps) {
            return false;
        }
        List<FinishedTrial> completed =
                known.stream().filter(t -> t.value().isPresent()).toList();
        if (completed.size() < startUpTrials) {
            return false;
        }
        double[] losses = completed.stream()
                .flatMap(t -> t.reports().stream().filter(r -> r.step() == step))
                .mapToDouble(r -> direction.loss(r.value()))
                .filter(loss -> !Double.isNaN(loss))
                .sorted()
                .toArray();
        if (losses.length < startUpTrials) {
            return false; // most ended before this step: nothing to compare with
        }
        int middle = losses.length / 2;
        double median = losses.length % 2 == 1 ? losses[middle] : (losses[middle - 1] + losses[middle]) / 2;
        return bestLoss(reports, step, direction) > median;
    }
}
