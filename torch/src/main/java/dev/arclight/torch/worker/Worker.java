package dev.arclight.torch.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.torch.TrainingPlan;
import dev.arclight.torch.WorkerEvent;
import dev.arclight.torch.WorkerJob;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;

/** A worker process: {@code java ... Worker FOLDER}. Standard output is one {@link WorkerEvent} a line. */
public final class Worker {
    private static final int LOST_PARENT = 3;
    private final PrintStream out;

    private Worker(PrintStream out) {
        this.out = out;
    }

    /**
     * Trains.
     *
     * @param arguments the folder with what {@link WorkerJob} says
     */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        System.setOut(System.err); // what libraries print is no event
        int code = new Worker(out).run(Path.of(arguments[0]));
        out.flush();
        // Gloo's threads would keep the process: everything is written by now.
        Runtime.getRuntime().halt(code);
    }

    @SuppressWarnings("try") // the scope frees what is made inside it
    private int run(Path folder) {
        try {
            WorkerJob job =
                    TrainingPlan.JSON.readValue(Files.readAllBytes(folder.resolve(WorkerJob.FILE)), WorkerJob.class);
            endWith(job.parent());
            try (PointerScope scope = new PointerScope()) {
                new Trainer(job, folder, this::tell).train();
            }
            return 0;
        } catch (Group.LostWorker e) {
            report(e);
            tell(new WorkerEvent.Failed(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()), true));
        } catch (ArclightException e) {
            report(e);
            tell(new WorkerEvent.Failed(e.code(), String.valueOf(e.getMessage()), false));
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            report(e);
            tell(new WorkerEvent.Failed(ErrorCode.INTERNAL, "A worker failed: " + e, false));
        }
        return 1;
    }

    /** To the file that holds standard error. */
    private static void report(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        System.err.println(text);
    }

    /** No worker trains on for nobody. */
    private static void endWith(long parent) {
        Thread watch = new Thread(
                () -> {
                    ProcessHandle.of(parent)
                            .ifPresent(process -> process.onExit().join());
                    Runtime.getRuntime().halt(LOST_PARENT);
                },
                "arclight-torch-parent");
        watch.setDaemon(true);
        watch.start();
    }

    private void tell(WorkerEvent event) {
        try {
            out.write((TrainingPlan.JSON.writerFor(WorkerEvent.class).writeValueAsString(event) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event is always JSON", e);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("Nobody reads this worker's events", e);
        }
    }
}
