package dev.arclight.track.sql;

import dev.arclight.track.ModelVersion;
import dev.arclight.track.Page;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.RegistrySearch;
import dev.arclight.track.search.Field;
import dev.arclight.track.search.FilterParser;
import dev.arclight.track.search.OrderBy;
import dev.arclight.track.search.Subject;
import dev.arclight.track.sql.Filters.Column;
import dev.arclight.track.sql.Filters.Source;
import java.util.List;
import java.util.Map;

/** Searches registered models and versions. */
final class RegistryQueries {
    private static final Map<Field.Kind, Source> MODEL_TAGS =
            Map.of(Field.Kind.TAG, new Source("registered_model_tags", "{}.model_id = m.id"));
    private static final Map<Field.Kind, Source> VERSION_TAGS =
            Map.of(Field.Kind.TAG, new Source("version_tags", "{}.model_id = v.model_id AND {}.version = v.version"));

    private final Database database;

    RegistryQueries(Database database) {
        this.database = database;
    }

    Page<RegisteredModel> models(RegistrySearch search) {
        Query query = new Query(RegistryRows.MODEL + " FROM registered_models m");
        Filters filters = new Filters(query, database.dialect(), MODEL_TAGS, RegistryQueries::modelColumn);
        FilterParser.filter(Subject.REGISTERED_MODELS, search.filter()).forEach(filters::add);
        FilterParser.order(Subject.REGISTERED_MODELS, search.orderBy()).forEach(filters::add);
        query.orderBy("m.name");
        long offset = Offsets.of(search.pageToken());
        List<RegisteredModel> found = database.read(
                session -> RegistryRows.models(session, query.sql(), query.arguments(search.maxResults() + 1, offset)));
        return Offsets.page(found, offset, search.maxResults());
    }

    Page<ModelVersion> versions(RegistrySearch search) {
        Query query = new Query(RegistryRows.VERSION + RegistryRows.VERSIONS);
        Filters filters = new Filters(query, database.dialect(), VERSION_TAGS, RegistryQueries::versionColumn);
        FilterParser.filter(Subject.MODEL_VERSIONS, search.filter()).forEach(filters::add);
        List<OrderBy> order = FilterParser.order(Subject.MODEL_VERSIONS, search.orderBy());
        order.forEach(filters::add);
        if (order.isEmpty()) {
            query.orderBy("v.updated DESC");
        }
        query.orderBy("m.name");
        query.orderBy("v.version DESC");
        long offset = Offsets.of(search.pageToken());
        List<ModelVersion> found = database.read(session ->
                RegistryRows.versions(session, query.sql(), query.arguments(search.maxResults() + 1, offset)));
        return Offsets.page(found, offset, search.maxResults());
    }

    private static Column modelColumn(Field field) {
        return switch (field.key()) {
            case "creation_timestamp" -> Column.number("m.created");
            case "last_updated_timestamp" -> Column.number("m.updated");
            default -> Column.text("m.name");
        };
    }

    private static Column versionColumn(Field field) {
        return switch (field.key()) {
            case "version_number" -> Column.number("v.version");
            case "run_id" -> Column.text("v.run_uuid");
            case "source_path" -> Column.text("v.source");
            case "creation_timestamp" -> Column.number("v.created");
            case "last_updated_timestamp" -> Column.number("v.updated");
            default -> Column.text("m.name");
        };
    }
}
