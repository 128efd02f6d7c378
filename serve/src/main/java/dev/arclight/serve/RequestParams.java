package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.model.Signature;
import java.io.IOException;
import java.util.List;

/**
 * Checks the {@code params} of a request by the signature, as MLflow does: what the signature does not declare is
 * passed over, what it declares must be of its type. Trees have no use for them, so nothing else is done with them.
 * Immutable.
 */
final class RequestParams {
    private final List<Signature.Param> declared;

    RequestParams(List<Signature.Param> declared) {
        this.declared = List.copyOf(declared);
    }

    /**
     * Reads them where {@code in} stands.
     *
     * @throws dev.arclight.web.HttpError 400 that names the parameter
     */
    void read(JsonParser in) throws IOException {
        if (declared.isEmpty()) {
            in.skipChildren();
            return;
        }
        JsonNode params = in.readValueAsTree();
        if (params.isNull()) {
            return;
        }
        if (!params.isObject()) {
            throw Cells.bad("params should be an object of names and values");
        }
        for (Signature.Param param : declared) {
            JsonNode value = params.get(param.name());
            if (value != null && !fits(param, value)) {
                throw Cells.bad("The parameter '%s' should be %s of type %s, but is %s"
                        .formatted(
                                param.name(),
                                param.shape() == null ? "a value" : "an array",
                                param.type().mlflowName(),
                                Cells.shorten(value.toString())));
            }
        }
    }

    private static boolean fits(Signature.Param param, JsonNode value) {
        if (param.shape() == null) {
            return fitsOne(param, value);
        }
        if (!value.isArray()) {
            return false;
        }
        for (JsonNode each : value) {
            if (!fitsOne(param, each)) {
                return false;
            }
        }
        return true;
    }

    private static boolean fitsOne(Signature.Param param, JsonNode value) {
        return switch (param.type()) {
            case BOOLEAN -> value.isBoolean();
            case INTEGER -> value.isIntegralNumber() && value.canConvertToInt();
            case LONG -> value.isIntegralNumber() && value.canConvertToLong();
            case FLOAT, DOUBLE -> value.isNumber();
            case STRING, BINARY, DATETIME -> value.isTextual();
        };
    }
}
