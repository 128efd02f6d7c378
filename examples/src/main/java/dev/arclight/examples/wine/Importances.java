package dev.arclight.examples.wine;

import dev.arclight.base.report.Axis;
import dev.arclight.base.report.Chart;
import dev.arclight.base.report.Charts;
import dev.arclight.base.report.Report;
import dev.arclight.learn.FeatureImportance;
import java.util.List;

/** What a model looks at, as a chart. */
final class Importances {
    private Importances() {}

    static Chart chart(String title, List<FeatureImportance> importances) {
        return Charts.bar(
                        title,
                        Axis.of("share of gain"),
                        importances.stream().map(FeatureImportance::feature).toList(),
                        importances.stream()
                                .mapToDouble(FeatureImportance::gain)
                                .toArray())
                .horizontal();
    }

    /** A page of its own, to be kept with the run. */
    static Report page(List<FeatureImportance> importances) {
        Report page = Report.titled("Feature importances");
        page.section("What the model looks at").chart(chart("Gain by feature", importances));
        return page;
    }
}
