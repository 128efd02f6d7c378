package dev.arclight.track.pages;

import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.View;
import dev.arclight.web.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of an experiment's runs is looked at: all of it is in the page's address, so that a view can be sent to someone.
 *
 * @param filter as typed
 * @param sort such as {@code metrics.`auc` DESC}; empty: newest first
 * @param topLevel whether nested runs are left out
 * @param group the field to group by; empty: not grouped
 * @param metric the metric that is taken together in groups
 * @param columns chosen columns, such as {@code metrics.auc}; empty: chosen by the page
 * @param page token of the page
 */
record RunsView(
        String experimentId,
        String filter,
        String sort,
        boolean topLevel,
        String group,
        String metric,
        List<String> columns,
        String page) {
    static final int SIZE = 100;

    RunsView {
        columns = List.copyOf(columns);
    }

    static RunsView of(Request request) {
        return new RunsView(
                request.parameter("id"),
                request.query("filter").orElse("").strip(),
                request.query("sort").orElse("").strip(),
                request.query("top").isPresent(),
                request.query("group").orElse("").strip(),
                request.query("metric").orElse("").strip(),
                request.queries("col").stream().filter(name -> !name.isEmpty()).toList(),
                request.query("page").orElse(""));
    }

    RunSearch search() {
        List<String> filters = new ArrayList<>();
        filters.add(FilterText.of(filter));
        if (topLevel) {
            filters.add("tags.`%s` IS NULL".formatted(RunStart.PARENT_TAG));
        }
        return new RunSearch(
                List.of(experimentId),
                View.ACTIVE_ONLY,
                FilterText.all(filters),
                sort.isEmpty() ? List.of() : List.of(sort),
                SIZE,
                Optional.of(page).filter(token -> !token.isEmpty()));
    }

    RunsView sorted(String by) {
        return new RunsView(experimentId, filter, by, topLevel, group, metric, columns, "");
    }

    RunsView filtered(String by) {
        return new RunsView(experimentId, by, sort, topLevel, "", metric, columns, "");
    }

    RunsView ungrouped() {
        return new RunsView(experimentId, filter, sort, topLevel, "", metric, columns, "");
    }

    RunsView at(String token) {
        return new RunsView(experimentId, filter, sort, topLevel, group, metric, columns, token);
    }

    String address() {
        return query().add("page", page).after(Links.experiment(experimentId));
    }

    /** The comparison of the first runs of this view. */
    String comparison() {
        return new Links.Query()
                .add("experiment", experimentId)
                .add("filter", filter)
                .add("sort", sort)
                .add("top", topLevel ? "1" : "")
                .after("/compare");
    }

    private Links.Query query() {
        return new Links.Query()
                .add("filter", filter)
                .add("sort", sort)
                .add("top", topLevel ? "1" : "")
                .add("group", group)
                .add("metric", metric)
                .addAll("col", columns);
    }
}
