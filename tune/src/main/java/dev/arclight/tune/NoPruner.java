package dev.arclight.tune;

import dev.arclight.tune.FinishedTrial.Report;
import java.util.List;

final class NoPruner extends Pruner {
    @Override
    boolean gives(List<Report> reports, List<FinishedTrial> known, Direction direction) {
        return false;
    }
}
