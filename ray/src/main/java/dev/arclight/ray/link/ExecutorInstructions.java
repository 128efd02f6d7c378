package dev.arclight.ray.link;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an executor process needs in order to join its driver. Holds the secret of the session: not to be printed.
 *
 * @param driverUrl of the scheduler's endpoint, {@code spark://CoarseGrainedScheduler@HOST:PORT}
 * @param executorId Spark's
 * @param applicationId Spark's
 * @param cores task slots
 * @param resourceProfile id of Spark's resource profile
 * @param settings Spark settings needed before the driver's can be fetched, the secret among them
 * @param resources addresses by name of what tasks may ask for, such as {@code gpu}
 */
public record ExecutorInstructions(
        String driverUrl,
        String executorId,
        String applicationId,
        int cores,
        int resourceProfile,
        Map<String, String> settings,
        Map<String, List<String>> resources) {
    public ExecutorInstructions {
        settings = Map.copyOf(settings);
        resources = Map.copyOf(resources);
    }

    /** Without the settings. */
    @Override
    public String toString() {
        return "executor %s of %s (%d cores)".formatted(executorId, applicationId, cores);
    }

    /** The form that {@link #decode} reads. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(driverUrl);
            out.writeUTF(executorId);
            out.writeUTF(applicationId);
            out.writeInt(cores);
            out.writeInt(resourceProfile);
            out.writeInt(settings.size());
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                out.writeUTF(setting.getKey());
                out.writeUTF(setting.getValue());
            }
            out.writeInt(resources.size());
            for (Map.Entry<String, List<String>> resource : resources.entrySet()) {
                out.writeUTF(resource.getKey());
                out.writeInt(resource.getValue().size());
                for (String address : resource.getValue()) {
                    out.writeUTF(address);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encode} wrote. */
    public static ExecutorInstructions decode(byte[] encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            String driverUrl = in.readUTF();
            String executorId = in.readUTF();
            String applicationId = in.readUTF();
            int cores = in.readInt();
            int resourceProfile = in.readInt();
            Map<String, String> settings = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                settings.put(in.readUTF(), in.readUTF());
            }
            Map<String, List<String>> resources = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                String name = in.readUTF();
                String[] addresses = new String[in.readInt()];
                for (int i = 0; i < addresses.length; i++) {
                    addresses[i] = in.readUTF();
                }
                resources.put(name, List.of(addresses));
            }
            return new ExecutorInstructions(
                    driverUrl, executorId, applicationId, cores, resourceProfile, settings, resources);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
