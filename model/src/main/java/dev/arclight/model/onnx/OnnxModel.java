package dev.arclight.model.onnx;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.DataType;
import dev.arclight.model.Field;
import dev.arclight.model.Output;
import dev.arclight.model.Predictor;
import dev.arclight.model.Signature;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A graph that predicts a row from the numbers that a signature names. Immutable and safe for use by many threads; the
 * native memory is given back some time after the predictor is no longer used.
 *
 * <p>It takes tensors of 32-bit floats, of whole numbers and of booleans whose first dimension are the rows, and gives
 * tensors of numbers or, as {@code ZipMap} does, maps to numbers.
 *
 * @param predictor features in the order of the signature's inputs; margins are its predictions
 * @param signature as given, or as the graph has it
 * @param outputs of the graph, in its order
 * @param description one line for a person
 */
public record OnnxModel(Predictor predictor, Signature signature, List<Output> outputs, String description) {
    private static final Cleaner CLEANER = Cleaner.create();

    public OnnxModel {
        outputs = List.copyOf(outputs);
    }

    /**
     * Loads a graph and runs one row of zeros, which tells how wide its outputs are.
     *
     * @param file of the graph; it and the files beside it are not needed afterwards
     * @param declared what was saved with the model, or null
     * @param what names the model in messages
     * @throws ArclightException NOT_FOUND if ONNX Runtime is not installed, BAD_INPUT if the graph cannot be run or
     *     does not fit the signature
     */
    public static OnnxModel open(Path file, @Nullable Signature declared, String what) {
        Graphs graphs = OnnxLibrary.load(what, System.getenv());
        Graph graph;
        try {
            graph = graphs.open(file);
        } catch (IllegalArgumentException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "%s cannot be run by ONNX Runtime %s: %s; where it is too new, export it again for an older operator set (skl2onnx: target_opset, torch.onnx.export: opset_version)"
                            .formatted(what, graphs.version(), firstLine(e)),
                    e);
        }
        try {
            List<Feed> feeds = feeds(graph, declared, what);
            Signature signature = declared == null ? signature(feeds) : declared;
            List<Output> outputs = outputs(graph, feeds, what);
            OnnxPredictor predictor = new OnnxPredictor(graph, feeds, features(signature, feeds), outputs);
            CLEANER.register(predictor, graph::close);
            String description = "ONNX graph, inputs %s, outputs %s, by ONNX Runtime %s"
                    .formatted(
                            graph.inputs().stream().map(Graph.Port::name).toList(),
                            outputs.stream().map(Output::name).toList(),
                            graphs.version());
            return new OnnxModel(predictor, signature, outputs, description);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    private static int features(Signature signature, List<Feed> feeds) {
        return signature.columns().isPresent()
                ? signature.inputs().size()
                : feeds.stream().mapToInt(Feed::width).sum();
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }

    private static List<Feed> feeds(Graph graph, @Nullable Signature declared, String what) {
        if (graph.inputs().isEmpty()) {
            throw ArclightException.badInput(what + " has a graph without inputs");
        }
        Optional<List<Field.Column>> columns = declared == null ? Optional.empty() : declared.columns();
        List<Feed> feeds = new ArrayList<>();
        int place = 0;
        for (Graph.Port port : graph.inputs()) {
            if (port.dtype().equals("STRING") || port.dtype().equals("DOUBLE")) {
                throw ArclightException.badInput("%s has the input '%s' of %s; rows here are 32-bit numbers: %s"
                        .formatted(
                                what,
                                port.name(),
                                port.dtype().equals("STRING") ? "text" : "64-bit numbers",
                                port.dtype().equals("STRING")
                                        ? "encode text as numbers before the model"
                                        : "convert it for those (skl2onnx: to_onnx(model, X.astype(numpy.float32)))"));
            }
            if (!List.of("FLOAT", "INT64", "INT32", "BOOL").contains(port.dtype())) {
                throw ArclightException.badInput(
                        "%s has the input '%s' of type %s; here inputs are float32, int64, int32 or bool tensors"
                                .formatted(what, port.name(), port.dtype().toLowerCase(Locale.ROOT)));
            }
            List<Integer> shape = shape(graph, port, declared, columns, what);
            Feed feed = new Feed(port, shape, new int[0]);
            int[] features = new int[feed.width()];
            for (int i = 0; i < features.length; i++) {
                features[i] = place++;
            }
            feeds.add(new Feed(port, shape, features));
        }
        if (declared == null) {
            return feeds;
        }
        return columns.isPresent() ? byColumn(feeds, columns.get(), what) : byTensor(feeds, declared.inputs(), what);
    }

    /** The lengths of one row's dimensions: the graph's or, where that leaves them open, the signature's. */
    private static List<Integer> shape(
            Graph graph,
            Graph.Port port,
            @Nullable Signature declared,
            Optional<List<Field.Column>> columns,
            String what) {
        List<Integer> shape = new ArrayList<>();
        for (int i = 1; i < port.shape().size(); i++) {
            long length = port.shape().get(i);
            if (length < 1 && columns.isPresent() && port.shape().size() == 2) {
                length = graph.inputs().size() == 1 ? columns.get().size() : 1;
            } else if (length < 1 && declared != null && columns.isEmpty()) {
                Field.Tensor tensor =
                        tensor(declared.inputs(), port, graph.inputs().size());
                length = tensor != null && tensor.shape().size() == port.shape().size()
                        ? tensor.shape().get(i)
                        : -1;
            }
            if (length < 1) {
                throw ArclightException.badInput(
                        "%s has the input '%s' of shape %s; all but its first dimension must have a length, in the graph or in the signature"
                                .formatted(what, port.name(), port.shape()));
            }
            shape.add(Math.toIntExact(length));
        }
        long first = port.shape().isEmpty() ? 0 : port.shape().get(0);
        if (first != -1 && first != 1) {
            throw ArclightException.badInput(
                    "%s has the input '%s' of shape %s, so it does not take rows one by one: export it with a first dimension of any length"
                            .formatted(what, port.name(), port.shape()));
        }
        return shape;
    }

    private static List<Feed> byColumn(List<Feed> feeds, List<Field.Column> columns, String what) {
        for (Field.Column column : columns) {
            if (!column.type().isNumeric()) {
                throw ArclightException.badInput(
                        "The signature of %s has the column '%s' of type %s; columns here are numbers"
                                .formatted(what, column.name(), column.type().mlflowName()));
            }
        }
        if (feeds.size() == 1) {
            if (feeds.get(0).width() != columns.size() || feeds.get(0).shape().size() > 1) {
                throw ArclightException.badInput("The signature of %s has %d columns, but its graph takes %s"
                        .formatted(what, columns.size(), feeds.get(0)));
            }
            return feeds;
        }
        List<Feed> placed = new ArrayList<>();
        for (Feed feed : feeds) {
            int place = -1;
            for (int i = 0; i < columns.size(); i++) {
                place = feed.port().name().equals(columns.get(i).name()) ? i : place;
            }
            if (place < 0 || feed.width() != 1) {
                throw ArclightException.badInput(
                        "The signature of %s has the columns %s, but its graph takes %s: of several inputs each must be a column of its name"
                                .formatted(
                                        what,
                                        columns.stream().map(Field.Column::name).toList(),
                                        feed));
            }
            placed.add(new Feed(feed.port(), feed.shape(), new int[] {place}));
        }
        return placed;
    }

    /** Features lie in the order of the signature's tensors. */
    private static List<Feed> byTensor(List<Feed> feeds, List<Field> inputs, String what) {
        List<Feed> placed = new ArrayList<>();
        for (Feed feed : feeds) {
            int place = 0;
            Feed found = null;
            for (Field input : inputs) {
                Field.Tensor tensor = (Field.Tensor) input;
                if (tensor.equals(tensor(inputs, feed.port(), feeds.size())) && fits(tensor, feed)) {
                    int[] features = new int[feed.width()];
                    for (int i = 0; i < features.length; i++) {
                        features[i] = place + i;
                    }
                    found = new Feed(feed.port(), feed.shape(), features);
                }
                place += tensor.shape().stream().skip(1).reduce(1, (a, b) -> a * Math.abs(b));
            }
            if (found == null || inputs.size() != feeds.size()) {
                throw ArclightException.badInput(
                        "The signature of %s takes %s, but its graph takes %s".formatted(what, inputs, feeds));
            }
            placed.add(found);
        }
        return placed;
    }

    private static boolean fits(Field.Tensor tensor, Feed feed) {
        return tensor.shape().size() == feed.shape().size() + 1
                && tensor.shape().subList(1, tensor.shape().size()).equals(feed.shape());
    }

    private static Field.@Nullable Tensor tensor(List<Field> inputs, Graph.Port port, int ports) {
        for (Field input : inputs) {
            if (input instanceof Field.Tensor tensor
                    && (port.name().equals(tensor.name())
                            || (tensor.name() == null && ports == 1 && inputs.size() == 1))) {
                return tensor;
            }
        }
        return null;
    }

    private static Signature signature(List<Feed> feeds) {
        boolean single = feeds.size() == 1;
        List<Field> inputs = new ArrayList<>();
        for (Feed feed : feeds) {
            List<Integer> shape = new ArrayList<>(List.of(-1));
            shape.addAll(feed.shape());
            String dtype = feed.port().dtype().equals("FLOAT")
                    ? "float32"
                    : feed.port().dtype().toLowerCase(Locale.ROOT);
            inputs.add(new Field.Tensor(single ? null : feed.port().name(), dtype, shape));
        }
        return new Signature(inputs, List.of(), List.of());
    }

    private static List<Output> outputs(Graph graph, List<Feed> feeds, String what) {
        List<Output> outputs = new ArrayList<>();
        for (Graph.Port port : graph.outputs()) {
            if (port.dtype().equals("STRING")) {
                throw ArclightException.badInput(
                        "%s has the output '%s' of text; predictions here are numbers: train it with classes that are numbers, and keep their names beside it"
                                .formatted(what, port.name()));
            }
        }
        List<Graph.Values> answers;
        try {
            answers = graph.run(
                    feeds.stream().map(feed -> new float[feed.width()]).toList(),
                    feeds.stream().map(feed -> feed.dimensions(1)).toList());
        } catch (IllegalArgumentException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "%s fails with a row of zeros: %s".formatted(what, firstLine(e)), e);
        }
        for (int i = 0; i < answers.size(); i++) {
            Graph.Port port = graph.outputs().get(i);
            List<Long> shape = answers.get(i).shape();
            if (shape.isEmpty() || shape.get(0) != 1) {
                throw ArclightException.badInput(
                        "%s has the output '%s' of shape %s for one row; its first dimension must be the rows"
                                .formatted(what, port.name(), shape));
            }
            DataType type = switch (port.dtype()) {
                case "BOOL" -> DataType.BOOLEAN;
                case "INT64" -> DataType.LONG;
                case "INT32", "INT8", "UINT8" -> DataType.INTEGER;
                case "DOUBLE" -> DataType.DOUBLE;
                default -> DataType.FLOAT;
            };
            outputs.add(new Output(
                    port.name(),
                    type,
                    shape.stream().skip(1).map(Math::toIntExact).toList(),
                    answers.get(i).keys()));
        }
        return outputs;
    }

    /**
     * An input of the graph and where its numbers are in a row.
     *
     * @param shape of one row's values; empty for a single number
     * @param features places in the row, in order
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Feed(Graph.Port port, List<Integer> shape, int[] features) {
        int width() {
            return shape.stream().reduce(1, Math::multiplyExact);
        }

        /** The shape of so many rows. */
        long[] dimensions(int rows) {
            long[] dimensions = new long[shape.size() + 1];
            dimensions[0] = rows;
            for (int i = 0; i < shape.size(); i++) {
                dimensions[i + 1] = shape.get(i);
            }
            return dimensions;
        }

        @Override
        public String toString() {
            return "'%s' with %s numbers a row".formatted(port.name(), shape.isEmpty() ? "1" : shape);
        }
    }
}
