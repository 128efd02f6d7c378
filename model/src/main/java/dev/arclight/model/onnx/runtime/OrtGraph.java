package dev.arclight.model.onnx.runtime;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import dev.arclight.model.onnx.Graph;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A session of ONNX Runtime. */
final class OrtGraph implements Graph {
    /** From here on float32 leaves out whole numbers. */
    private static final long MOST_WHOLE = 1L << 24;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<Port> inputs;
    private final List<Port> outputs;

    OrtGraph(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.inputs = ports(session.getInputInfo().values());
        this.outputs = ports(session.getOutputInfo().values());
    }

    private static List<Port> ports(Collection<NodeInfo> nodes) {
        List<Port> ports = new ArrayList<>();
        for (NodeInfo node : nodes) {
            if (node.getInfo() instanceof TensorInfo tensor) {
                ports.add(new Port(node.getName(), tensor.type.name(), shape(tensor)));
            } else if (node.getInfo() instanceof SequenceInfo sequence && sequence.isSequenceOfMaps()) {
                ports.add(new Port(node.getName(), "MAP", List.of()));
            } else {
                ports.add(new Port(node.getName(), node.getInfo() instanceof MapInfo ? "MAP" : "OTHER", List.of()));
            }
        }
        return List.copyOf(ports);
    }

    private static List<Long> shape(TensorInfo tensor) {
        return Arrays.stream(tensor.getShape()).boxed().toList();
    }

    @Override
    public List<Port> inputs() {
        return inputs;
    }

    @Override
    public List<Port> outputs() {
        return outputs;
    }

    @Override
    public List<Values> run(List<float[]> values, List<long[]> shapes) {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (int i = 0; i < inputs.size(); i++) {
                feeds.put(inputs.get(i).name(), tensor(inputs.get(i), values.get(i), shapes.get(i)));
            }
            List<Values> answers = new ArrayList<>();
            try (OrtSession.Result result = session.run(feeds)) {
                for (int i = 0; i < outputs.size(); i++) {
                    answers.add(values(outputs.get(i).name(), result.get(i)));
                }
            }
            return answers;
        } catch (OrtException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(Port input, float[] values, long[] shape) throws OrtException {
        return switch (OnnxJavaType.valueOf(input.dtype())) {
            case FLOAT -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
            case INT64 -> {
                long[] whole = new long[values.length];
                for (int i = 0; i < whole.length; i++) {
                    whole[i] = (long) whole(values[i], input);
                }
                yield OnnxTensor.createTensor(environment, LongBuffer.wrap(whole), shape);
            }
            case INT32 -> {
                int[] whole = new int[values.length];
                for (int i = 0; i < whole.length; i++) {
                    whole[i] = (int) whole(values[i], input);
                }
                yield OnnxTensor.createTensor(environment, IntBuffer.wrap(whole), shape);
            }
            case BOOL -> {
                ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
                for (float value : values) {
                    bytes.put((byte) (whole(value, input) == 0 ? 0 : 1));
                }
                bytes.flip();
                yield OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.BOOL);
            }
            default -> throw new IllegalArgumentException("Not an input that is run here: " + input);
        };
    }

    private static float whole(float value, Port input) {
        if (value != Math.rint(value) || !(Math.abs(value) < MOST_WHOLE)) { // also missing ones
            throw new IllegalArgumentException(
                    "The model's input '%s' takes whole numbers below %,d, but got %s; larger ones are not exact as the 32-bit numbers that rows are made of"
                            .formatted(input.name(), MOST_WHOLE, value));
        }
        return value;
    }

    private static Values values(String name, OnnxValue value) throws OrtException {
        if (value instanceof OnnxTensor tensor) {
            TensorInfo info = tensor.getInfo();
            return new Values(floats(name, tensor, info), shape(info), List.of());
        }
        if (value instanceof OnnxSequence sequence && sequence.getInfo().isSequenceOfMaps()) {
            return maps(name, sequence);
        }
        throw new IllegalArgumentException(
                "The model's output '%s' is neither a tensor nor a list of maps".formatted(name));
    }

    private static float[] floats(String name, OnnxTensor tensor, TensorInfo info) {
        float[] floats = new float[Math.toIntExact(info.getNumElements())];
        switch (info.type) {
            case FLOAT, FLOAT16, BFLOAT16 -> tensor.getFloatBuffer().get(floats);
            case DOUBLE -> {
                var from = tensor.getDoubleBuffer();
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) from.get(i);
                }
            }
            case INT64 -> {
                var from = tensor.getLongBuffer();
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = exact(name, from.get(i));
                }
            }
            case INT32 -> {
                var from = tensor.getIntBuffer();
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = exact(name, from.get(i));
                }
            }
            case INT8, UINT8, BOOL -> {
                var from = tensor.getByteBuffer();
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = info.type == OnnxJavaType.INT8 ? from.get(i) : Byte.toUnsignedInt(from.get(i));
                }
            }
            default ->
                throw new IllegalArgumentException(
                        "The model's output '%s' holds %s, no numbers".formatted(name, info.type));
        }
        return floats;
    }

    private static float exact(String name, long value) {
        if (Math.abs(value) > MOST_WHOLE) {
            throw new IllegalArgumentException(
                    "The model's output '%s' gave %d, which is not exact as a 32-bit number".formatted(name, value));
        }
        return value;
    }

    /** What {@code ZipMap} makes of probabilities: for each row a map from class to number. */
    private static Values maps(String name, OnnxSequence sequence) throws OrtException {
        List<? extends OnnxValue> rows = sequence.getValue();
        List<String> keys = List.of();
        float[] values = new float[0];
        try {
            for (int row = 0; row < rows.size(); row++) {
                TreeMap<Object, Object> sorted =
                        new TreeMap<>(((OnnxMap) rows.get(row)).getValue()); // keys are all Long or all String
                if (row == 0) {
                    keys = sorted.keySet().stream().map(String::valueOf).toList();
                    values = new float[rows.size() * keys.size()];
                }
                if (sorted.size() != keys.size()) {
                    throw new IllegalArgumentException(
                            "The model's output '%s' has other keys for each row".formatted(name));
                }
                int at = row * keys.size();
                for (Object value : sorted.values()) {
                    if (!(value instanceof Number number)) {
                        throw new IllegalArgumentException(
                                "The model's output '%s' holds maps to text".formatted(name));
                    }
                    values[at++] = number.floatValue();
                }
            }
        } finally {
            rows.forEach(OnnxValue::close);
        }
        return new Values(values, List.of((long) rows.size(), (long) keys.size()), keys);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot end a session: " + e.getMessage(), e);
        }
    }
}
