package dev.arclight.model.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Named float32 tensors: a state dict. Reads and writes the safetensors format (github.com/huggingface/safetensors,
 * "Format": 8 bytes of header length, little-endian; a JSON header of dtype, shape and offsets; the data).
 *
 * @param tensors of unique names, in order
 */
public record Weights(List<Tensor> tensors) {
    private static final int MOST_HEADER_BYTES = 100_000_000; // as the format says
    private static final JsonMapper JSON = new JsonMapper();

    public Weights {
        tensors = List.copyOf(tensors);
        Map<String, Tensor> seen = new HashMap<>();
        for (Tensor tensor : tensors) {
            if (seen.put(tensor.name(), tensor) != null) {
                throw new IllegalArgumentException("Two tensors named " + tensor.name());
            }
        }
    }

    /**
     * One tensor. Immutable by agreement: nobody writes to its arrays.
     *
     * @param name as in the state dict
     * @param shape empty for a scalar
     * @param values float32, row-major; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // not copied: too large
    public record Tensor(String name, long[] shape, float[] values) {
        public Tensor {
            Objects.requireNonNull(name);
            if (size(shape) != values.length) {
                throw new IllegalArgumentException(
                        "%s: %d values for shape %s".formatted(name, values.length, Arrays.toString(shape)));
            }
        }

        /** How many values a shape holds. */
        static long size(long[] shape) {
            return Arrays.stream(shape).reduce(1, Math::multiplyExact);
        }

        @Override
        public boolean equals(@org.jspecify.annotations.Nullable Object other) {
            return other instanceof Tensor t
                    && name.equals(t.name)
                    && Arrays.equals(shape, t.shape)
                    && Arrays.equals(values, t.values);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, Arrays.hashCode(shape), Arrays.hashCode(values));
        }

        @Override
        public String toString() {
            return name + Arrays.toString(shape);
        }
    }

    /** The tensor of that name. */
    public Optional<Tensor> find(String name) {
        return tensors.stream().filter(t -> t.name().equals(name)).findFirst();
    }

    /** All names, in order. */
    public List<String> names() {
        return tensors.stream().map(Tensor::name).toList();
    }

    /**
     * The values of the tensor {@code name}; not a copy.
     *
     * @throws IllegalArgumentException if there is none
     */
    float[] values(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("No tensor " + name))
                .values();
    }

    /** As a safetensors file. */
    public byte[] toBytes() {
        ObjectNode header = JSON.createObjectNode();
        long at = 0;
        for (Tensor tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.name());
            entry.put("dtype", "F32");
            ArrayNode shape = entry.putArray("shape");
            Arrays.stream(tensor.shape()).forEach(shape::add);
            long end = at + 4L * tensor.values().length;
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        StringBuilder text = new StringBuilder(header.toString());
        while (text.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
            text.append(' '); // so that the data is aligned
        }
        byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(8 + json.length + at)).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(json.length).put(json);
        for (Tensor tensor : tensors) {
            out.asFloatBuffer().put(tensor.values());
            out.position(out.position() + 4 * tensor.values().length);
        }
        return out.array();
    }

    /**
     * Reads a safetensors file.
     *
     * @param what names it in messages
     * @throws ArclightException BAD_INPUT if it is none, is cut off, or holds a tensor that is not float32 (those named
     *     {@code num_batches_tracked} are left out: PyTorch counts in them, nothing depends on it)
     */
    public static Weights read(byte[] file, String what) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < 8) {
            throw ArclightException.badInput("%s is no safetensors file: it has %d bytes".formatted(what, file.length));
        }
        long length = in.getLong();
        if (length < 2 || length > Math.min(MOST_HEADER_BYTES, file.length - 8)) {
            throw ArclightException.badInput(
                    "%s is no safetensors file, or cut off: it declares a header of %d bytes and has %d"
                            .formatted(what, length, file.length));
        }
        try {
            JsonNode header = JSON.readTree(file, 8, (int) length);
            List<Entry> entries = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : header.properties()) {
                if (!field.getKey().equals("__metadata__") && !field.getKey().endsWith("num_batches_tracked")) {
                    entries.add(Entry.of(field.getKey(), field.getValue(), what));
                }
            }
            List<Tensor> tensors = new ArrayList<>();
            int data = 8 + (int) length;
            for (Entry entry : entries) {
                if (entry.begin < 0
                        || entry.end > file.length - data
                        || entry.end - entry.begin != 4 * Tensor.size(entry.shape)) {
                    throw ArclightException.badInput("%s is damaged: '%s' of shape %s lies from byte %d to %d of %d"
                            .formatted(
                                    what,
                                    entry.name,
                                    Arrays.toString(entry.shape),
                                    entry.begin,
                                    entry.end,
                                    file.length - data));
                }
                float[] values = new float[(int) ((entry.end - entry.begin) / 4)];
                in.position(data + (int) entry.begin);
                in.asFloatBuffer().get(values);
                tensors.add(new Tensor(entry.name, entry.shape, values));
            }
            return new Weights(tensors);
        } catch (IOException | ArithmeticException | IllegalArgumentException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "%s is no safetensors file: %s".formatted(what, e.getMessage()), e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // not copied: too large
    private record Entry(String name, long[] shape, long begin, long end) {
        static Entry of(String name, JsonNode node, String what) {
            String type = node.path("dtype").asText();
            if (!type.equals("F32")) {
                throw ArclightException.badInput(
                        "%s holds '%s' as %s, but weights are read as F32: save them with .float()"
                                .formatted(what, name, type));
            }
            JsonNode shape = node.path("shape");
            long[] sizes = new long[shape.size()];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = shape.get(i).asLong();
            }
            JsonNode offsets = node.path("data_offsets");
            return new Entry(
                    name, sizes, offsets.path(0).asLong(-1), offsets.path(1).asLong(-1));
        }
    }
}
