package dev.arclight.ray.link;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An application for a driver process: what {@code JobRequest} says, and the files. May hold secrets among the
 * settings: not to be printed.
 *
 * @param job its id
 * @param name for people
 * @param master where its executors run
 * @param mainClass of the application
 * @param arguments of {@code main}
 * @param settings Spark's
 * @param jars contents by file name, in the order of the class path
 */
public record DriverInstructions(
        String job,
        String name,
        String master,
        String mainClass,
        List<String> arguments,
        Map<String, String> settings,
        Map<String, byte[]> jars) {
    public DriverInstructions {
        arguments = List.copyOf(arguments);
        settings = Map.copyOf(settings);
        jars = Collections.unmodifiableMap(new LinkedHashMap<>(jars));
    }

    /** Without the settings. */
    @Override
    public String toString() {
        return "driver of %s (%s)".formatted(job, mainClass);
    }

    /** The form that {@link #decode} reads. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String text : List.of(job, name, master, mainClass)) {
                write(out, text);
            }
            out.writeInt(arguments.size());
            for (String argument : arguments) {
                write(out, argument);
            }
            out.writeInt(settings.size());
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                write(out, setting.getKey());
                write(out, setting.getValue());
            }
            out.writeInt(jars.size());
            for (Map.Entry<String, byte[]> jar : jars.entrySet()) {
                write(out, jar.getKey());
                out.writeInt(jar.getValue().length);
                out.write(jar.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encode} wrote. */
    public static DriverInstructions decode(byte[] encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            String job = read(in);
            String name = read(in);
            String master = read(in);
            String mainClass = read(in);
            List<String> arguments = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                arguments.add(read(in));
            }
            Map<String, String> settings = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                settings.put(read(in), read(in));
            }
            Map<String, byte[]> jars = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                jars.put(read(in), in.readNBytes(in.readInt()));
            }
            return new DriverInstructions(job, name, master, mainClass, arguments, settings, jars);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without the limit of 64 KiB that {@code writeUTF} has. */
    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
