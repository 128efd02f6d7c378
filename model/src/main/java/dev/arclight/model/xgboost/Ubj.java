package dev.arclight.model.xgboost;

import dev.arclight.base.ArclightException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Universal Binary JSON as XGBoost writes it (its {@code src/common/json.cc}): big-endian, typed arrays, the smallest
 * integer that holds the value.
 *
 * <p>In memory: objects are {@code Map<String, Object>} in the order of the file, untyped arrays {@code List<Object>},
 * integers {@link Long}, numbers {@link Float} or {@link Double}, typed arrays {@code float[]}, {@code double[]},
 * {@code byte[]} (unsigned, {@code U}), {@link SignedBytes}, {@code short[]}, {@code int[]}, {@code long[]}.
 */
final class Ubj {
    /** A typed array of {@code i}, kept apart from the unsigned {@code byte[]}. */
    static final class SignedBytes {
        private final byte[] values;

        SignedBytes(byte[] values) {
            this.values = values;
        }
    }

    private static final int MAX_DEPTH = 64;

    private Ubj() {}

    /** Reads one object that fills {@code bytes}. */
    static Map<String, Object> read(byte[] bytes) {
        return new Reader(bytes).document();
    }

    private static final class Reader {
        private final ByteBuffer in;
        private int depth;

        Reader(byte[] bytes) {
            in = ByteBuffer.wrap(bytes);
        }

        Map<String, Object> document() {
            need(1);
            if (in.get() != '{') {
                throw damaged("an object");
            }
            Map<String, Object> root = object();
            if (in.hasRemaining()) {
                throw damaged("the end of the file");
            }
            return root;
        }

        private Map<String, Object> object() {
            enter();
            Map<String, Object> fields = new LinkedHashMap<>();
            need(1);
            while (in.get(in.position()) != '}') {
                String key = text();
                need(1);
                fields.put(key, value(in.get()));
                need(1);
            }
            in.get();
            depth--;
            return fields;
        }

        private Object value(byte marker) {
            return switch (marker) {
                case '{' -> object();
                case '[' -> array();
                case 'S' -> text();
                case 'i', 'U', 'I', 'l', 'L' -> integer(marker);
                case 'd' -> {
                    need(Float.BYTES);
                    yield in.getFloat();
                }
                case 'D' -> {
                    need(Double.BYTES);
                    yield in.getDouble();
                }
                case 'T' -> true;
                case 'F' -> false;
                case 'Z' -> Null.VALUE;
                case 'C' -> {
                    need(1);
                    yield String.valueOf((char) in.get());
                }
                default -> throw damaged("a value");
            };
        }

        private Object array() {
            need(2);
            byte next = in.get(in.position());
            if (next == '$') {
                in.get();
                byte type = in.get();
                need(1);
                if (in.get() != '#') {
                    throw damaged("the length of an array");
                }
                return typed(type, length());
            }
            enter();
            List<Object> values = new ArrayList<>();
            if (next == '#') {
                in.get();
                long count = length();
                for (long i = 0; i < count; i++) {
                    need(1);
                    values.add(value(in.get()));
                }
            } else {
                while (in.get(in.position()) != ']') {
                    values.add(value(in.get()));
                    need(1);
                }
                in.get();
            }
            depth--;
            return values;
        }

        private Object typed(byte type, int count) {
            int start = in.position();
            switch (type) {
                case 'd' -> {
                    float[] values = new float[room(count, Float.BYTES)];
                    in.asFloatBuffer().get(values);
                    in.position(start + count * Float.BYTES);
                    return values;
                }
                case 'D' -> {
                    double[] values = new double[room(count, Double.BYTES)];
                    in.asDoubleBuffer().get(values);
                    in.position(start + count * Double.BYTES);
                    return values;
                }
                case 'U', 'i' -> {
                    byte[] values = new byte[room(count, 1)];
                    in.get(values);
                    return type == 'U' ? values : new SignedBytes(values);
                }
                case 'I' -> {
                    short[] values = new short[room(count, Short.BYTES)];
                    in.asShortBuffer().get(values);
                    in.position(start + count * Short.BYTES);
                    return values;
                }
                case 'l' -> {
                    int[] values = new int[room(count, Integer.BYTES)];
                    in.asIntBuffer().get(values);
                    in.position(start + count * Integer.BYTES);
                    return values;
                }
                case 'L' -> {
                    long[] values = new long[room(count, Long.BYTES)];
                    in.asLongBuffer().get(values);
                    in.position(start + count * Long.BYTES);
                    return values;
                }
                default -> throw damaged("an array of numbers");
            }
        }

        private String text() {
            int length = length();
            room(length, 1);
            int start = in.position();
            in.position(start + length);
            // A large model has ten thousand keys; a decoder for each was a good part of reading it.
            String text = new String(in.array(), in.arrayOffset() + start, length, StandardCharsets.UTF_8);
            if (text.indexOf('\uFFFD') >= 0) { // what stands for damaged bytes, or is written so
                try {
                    return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(in.slice(start, length))
                            .toString();
                } catch (CharacterCodingException e) {
                    throw damaged("UTF-8 text");
                }
            }
            return text;
        }

        private int length() {
            need(1);
            long length = integer(in.get());
            if (length < 0 || length > Integer.MAX_VALUE - 8) {
                throw damaged("a length below 2 GiB");
            }
            return (int) length;
        }

        private long integer(byte marker) {
            switch (marker) {
                case 'i' -> {
                    need(1);
                    return in.get();
                }
                case 'U' -> {
                    need(1);
                    return in.get() & 0xff;
                }
                case 'I' -> {
                    need(Short.BYTES);
                    return in.getShort();
                }
                case 'l' -> {
                    need(Integer.BYTES);
                    return in.getInt();
                }
                case 'L' -> {
                    need(Long.BYTES);
                    return in.getLong();
                }
                default -> throw damaged("an integer");
            }
        }

        private void enter() {
            if (++depth > MAX_DEPTH) {
                throw damaged("at most " + MAX_DEPTH + " levels");
            }
        }

        /** Checks that {@code count} values fit in what is left before memory is taken for them. */
        private int room(int count, int bytesEach) {
            if ((long) count * bytesEach > in.remaining()) {
                throw damaged("%d more bytes (the file is cut short)".formatted((long) count * bytesEach));
            }
            return count;
        }

        private void need(int bytes) {
            room(bytes, 1);
        }

        private ArclightException damaged(String expected) {
            return ArclightException.badInput(
                    "This is no readable XGBoost UBJ file: at byte %d of %d, expected %s. Save the model again with save_model(\"model.ubj\")."
                            .formatted(in.position(), in.limit(), expected));
        }
    }

    /** JSON's null, which no map can tell from an absent key. */
    enum Null {
        VALUE
    }

    /** The bytes that XGBoost itself would write for {@code root}. */
    static byte[] write(Map<String, Object> root) {
        Writer writer = new Writer();
        writer.value(root);
        return writer.bytes();
    }

    private static final class Writer {
        private ByteBuffer out = ByteBuffer.allocate(1 << 16);

        byte[] bytes() {
            byte[] bytes = new byte[out.position()];
            out.flip();
            out.get(bytes);
            return bytes;
        }

        void value(@Nullable Object value) {
            if (value instanceof Map<?, ?> fields) {
                put('{');
                fields.forEach((key, field) -> {
                    text((String) key);
                    value(field);
                });
                put('}');
            } else if (value instanceof List<?> values) {
                put('[');
                put('#');
                length(values.size());
                values.forEach(this::value);
            } else if (value instanceof String text) {
                put('S');
                text(text);
            } else if (value instanceof Long integer) {
                integer(integer);
            } else if (value instanceof Float number) {
                put('d');
                room(Float.BYTES).putFloat(number);
            } else if (value instanceof Double number) {
                put('D');
                room(Double.BYTES).putDouble(number);
            } else if (value instanceof Boolean truth) {
                put(truth ? 'T' : 'F');
            } else if (value == Null.VALUE) {
                put('Z');
            } else {
                typed(value);
            }
        }

        private void typed(@Nullable Object value) {
            if (value instanceof float[] values) {
                head('d', values.length, Float.BYTES).asFloatBuffer().put(values);
                skip(values.length * Float.BYTES);
            } else if (value instanceof double[] values) {
                head('D', values.length, Double.BYTES).asDoubleBuffer().put(values);
                skip(values.length * Double.BYTES);
            } else if (value instanceof byte[] values) {
                head('U', values.length, 1).put(values);
            } else if (value instanceof SignedBytes signed) {
                head('i', signed.values.length, 1).put(signed.values);
            } else if (value instanceof short[] values) {
                head('I', values.length, Short.BYTES).asShortBuffer().put(values);
                skip(values.length * Short.BYTES);
            } else if (value instanceof int[] values) {
                head('l', values.length, Integer.BYTES).asIntBuffer().put(values);
                skip(values.length * Integer.BYTES);
            } else if (value instanceof long[] values) {
                head('L', values.length, Long.BYTES).asLongBuffer().put(values);
                skip(values.length * Long.BYTES);
            } else {
                throw new IllegalArgumentException("Not a UBJ value: " + value);
            }
        }

        private ByteBuffer head(char type, int count, int bytesEach) {
            put('[');
            put('$');
            put(type);
            put('#');
            length(count);
            return room(Math.multiplyExact(count, bytesEach));
        }

        private void skip(int bytes) {
            out.position(out.position() + bytes);
        }

        private void integer(long value) {
            if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
                put('i');
                room(1).put((byte) value);
            } else if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
                put('I');
                room(Short.BYTES).putShort((short) value);
            } else if (value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE) {
                put('l');
                room(Integer.BYTES).putInt((int) value);
            } else {
                put('L');
                room(Long.BYTES).putLong(value);
            }
        }

        private void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            length(utf8.length);
            room(utf8.length).put(utf8);
        }

        private void length(long length) {
            put('L');
            room(Long.BYTES).putLong(length);
        }

        private void put(char marker) {
            room(1).put((byte) marker);
        }

        private ByteBuffer room(int bytes) {
            if (out.remaining() < bytes) {
                long size =
                        Math.min(Integer.MAX_VALUE - 8L, Math.max(out.capacity() * 2L, (long) out.position() + bytes));
                if (size - out.position() < bytes) {
                    throw ArclightException.badInput("The model is larger than 2 GiB, which one file cannot hold here");
                }
                ByteBuffer larger = ByteBuffer.allocate((int) size);
                out.flip();
                larger.put(out);
                out = larger;
            }
            return out;
        }
    }
}
