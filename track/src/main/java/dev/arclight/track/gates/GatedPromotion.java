package dev.arclight.track.gates;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.Model;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Promotion;
import dev.arclight.track.Tracking;
import dev.arclight.track.gates.Gate.BetterThanPresent;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moves an alias if all gates of the model let the version through. */
public final class GatedPromotion {
    private static final Pattern RUN = Pattern.compile("runs:/+([^/]+)");

    private final Tracking tracking;

    public GatedPromotion(Tracking tracking) {
        this.tracking = tracking;
    }

    /**
     * Checks the gates, then moves the alias, if it still names the version that was compared with. What was compared
     * goes into the history as evidence.
     *
     * @throws ArclightException BAD_STATE if a gate does not let the version through, CONFLICT if the alias names
     *     something else than expected, or was moved meanwhile
     */
    public AliasChange promote(Promotion promotion) throws IOException {
        ModelVersion next = tracking.registry().version(promotion.name(), promotion.toVersion());
        Optional<ModelVersion> present = tracking.registry().findByAlias(promotion.name(), promotion.alias());
        Promotion checked = promotion;
        if (promotion.expected() instanceof Promotion.Expected.Any) {
            checked = promotion.expecting(present.map(ModelVersion::version));
        } else {
            promotion.requireExpected(present.map(version -> java.util.OptionalInt.of(version.version()))
                    .orElse(java.util.OptionalInt.empty()));
        }
        for (Gate gate : Gate.of(tracking.registry().load(promotion.name()))) {
            checked = gate instanceof BetterThanPresent better
                    ? compare(checked, better, next, present)
                    : prove(checked, gate, next);
        }
        return tracking.registry().promote(checked);
    }

    private Promotion compare(
            Promotion promotion, BetterThanPresent gate, ModelVersion next, Optional<ModelVersion> present) {
        if (present.isEmpty() || present.get().version() == next.version()) {
            return promotion.with(gate.evidence(), "passed: nothing to compare with");
        }
        double ours = metric(next, gate.metric());
        double theirs = metric(present.get(), gate.metric());
        double gain = gate.higherIsBetter() ? ours - theirs : theirs - ours;
        if (!(gain >= gate.minGain())) { // NaN passes nothing
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    ("Version %d of model '%s' is not promoted to '%s': its %s is %s, that of version %d is %s; the gate"
                                    + " wants it %s")
                            .formatted(
                                    next.version(),
                                    next.name(),
                                    promotion.alias(),
                                    gate.metric(),
                                    ours,
                                    present.get().version(),
                                    theirs,
                                    gate.text()));
        }
        return promotion
                .with(gate.evidence(), "passed: " + gate.text())
                .with("%s of version %d".formatted(gate.metric(), next.version()), Double.toString(ours))
                .with("%s of version %d".formatted(gate.metric(), present.get().version()), Double.toString(theirs));
    }

    private Promotion prove(Promotion promotion, Gate gate, ModelVersion next) throws IOException {
        Model model;
        try {
            model = tracking.withFiles(next.uri(), Model::load);
        } catch (ArclightException e) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Version %d of model '%s' is not promoted to '%s': %s"
                            .formatted(next.version(), next.name(), promotion.alias(), e.getMessage()),
                    e);
        }
        if (model.goldenRows().isEmpty()) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Version %d of model '%s' is not promoted to '%s': it has no golden rows, which its gate asks for"
                            .formatted(next.version(), next.name(), promotion.alias()));
        }
        return promotion.with(
                gate.evidence(),
                "passed: %d rows".formatted(model.goldenRows().get().count()));
    }

    private double metric(ModelVersion version, String key) {
        if (!version.modelId().isEmpty()) {
            Optional<Double> measured = tracking.models().load(version.modelId()).metrics().stream()
                    .filter(metric -> metric.key().equals(key))
                    .map(Metric::value)
                    .reduce((earlier, later) -> later);
            if (measured.isPresent()) {
                return measured.get();
            }
        }
        Matcher source = RUN.matcher(version.source());
        String runId = version.runId().isEmpty() && source.lookingAt() ? source.group(1) : version.runId();
        if (!runId.isEmpty()) {
            Optional<Double> logged = tracking.runs().load(runId).metric(key);
            if (logged.isPresent()) {
                return logged.get();
            }
        }
        throw new ArclightException(
                ErrorCode.BAD_STATE,
                "Version %d of model '%s' has no metric '%s' to compare by: log it to its run"
                        .formatted(version.version(), version.name(), key));
    }
}
