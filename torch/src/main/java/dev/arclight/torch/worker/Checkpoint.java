package dev.arclight.torch.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.torch.Weights;
import dev.arclight.torch.Epoch;
import dev.arclight.torch.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a training stands after an epoch, in one file.
 *
 * @param fingerprint of the plan
 * @param history all epochs so far
 * @param best weights after the best epoch; null without validation data
 * @param optimiser what it remembers, in PyTorch's own form
 */
@SuppressWarnings("ArrayRecordComponent") // not copied: too large
record Checkpoint(
        String fingerprint,
        List<Epoch> history,
        Weights weights,
        @Nullable Weights best,
        byte[] optimiser) {
    /** The part that is JSON. */
    record Progress(String fingerprint, List<Epoch> history) {}

    void write(Path file) throws IOException {
        AtomicFiles.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            zip.setLevel(java.util.zip.Deflater.NO_COMPRESSION);
            entry(zip, "progress.json", TrainingPlan.JSON.writeValueAsBytes(new Progress(fingerprint, history)));
            entry(zip, "weights.safetensors", weights.toBytes());
            if (best != null) {
                entry(zip, "best.safetensors", best.toBytes());
            }
            entry(zip, "optimiser.pt", optimiser);
            zip.finish();
        });
    }

    /** Reads what {@link #write} wrote for a training of the same {@code plan}. */
    static Checkpoint read(Path file, TrainingPlan plan) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Progress progress = TrainingPlan.JSON.readValue(bytes(zip, "progress.json"), Progress.class);
            if (!progress.fingerprint().equals(plan.fingerprint())) {
                throw ArclightException.badInput(
                        "The checkpoint is of another training (%s): give this one (%s) a folder of its own, or remove the file"
                                .formatted(progress.fingerprint(), plan.fingerprint()));
            }
            return new Checkpoint(
                    progress.fingerprint(),
                    progress.history(),
                    Weights.read(bytes(zip, "weights.safetensors"), "The checkpoint"),
                    zip.getEntry("best.safetensors") == null
                            ? null
                            : Weights.read(bytes(zip, "best.safetensors"), "The checkpoint"),
                    bytes(zip, "optimiser.pt"));
        } catch (java.util.zip.ZipException | JsonProcessingException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "The checkpoint is damaged (%s): remove it".formatted(e.getMessage()), e);
        }
    }

    private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw ArclightException.badInput("The checkpoint is damaged (no %s in it): remove it".formatted(name));
        }
        return zip.getInputStream(entry).readAllBytes();
    }

    /** The bytes that {@code write} writes to a file. */
    static byte[] viaFile(Path folder, java.util.function.Consumer<Path> write) throws IOException {
        Path file = Files.createTempFile(folder, "state", ".pt");
        try {
            write.accept(file);
            return Files.readAllBytes(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
