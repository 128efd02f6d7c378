package dev.arclight.torch.worker;

import dev.arclight.base.ArclightException;
import dev.arclight.model.torch.Weights;
import dev.arclight.torch.Epoch;
import dev.arclight.torch.TrainingPlan;
import dev.arclight.torch.WorkerEvent;
import dev.arclight.torch.WorkerJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Trains one worker's part. Its tensors live as long as the caller's pointer scope. */
@SuppressWarnings("try") // scopes free what is made inside them, guards hold while they are open
final class Trainer {
    private static final int EVALUATED = 8192; // rows at a time

    private final WorkerJob job;
    private final TrainingPlan plan;
    private final Path folder;
    private final Consumer<WorkerEvent> events;
    private final ScriptNetwork network;
    private final LossFunction loss;
    private final Gradients gradients;
    private final Steps steps;
    private final Group group;
    private final List<Epoch> history = new ArrayList<>();
    private @Nullable Weights best;

    Trainer(WorkerJob job, Path folder, Consumer<WorkerEvent> events) throws IOException {
        this.job = job;
        this.plan = job.plan();
        this.folder = folder;
        this.events = events;
        torch.set_num_threads(plan.threads());
        torch.setGraphExecutorOptimize(false); // plain autograd: what Python does without compiling
        network = plan.layers().isEmpty()
                ? ScriptNetwork.load(folder.resolve(WorkerJob.MODULE), plan.features())
                : ScriptNetwork.of(
                        plan.layers(),
                        plan.features(),
                        Weights.read(Files.readAllBytes(folder.resolve(WorkerJob.WEIGHTS)), "The initial weights"));
        loss = new LossFunction(plan.loss());
        gradients = new Gradients(network.parameters());
        steps = new Steps(plan.optimiser(), network.parameters());
        group = Group.join(job);
    }

    void train() throws IOException, InterruptedException {
        RowFile training = RowFile.open(folder.resolve(WorkerJob.TRAINING), plan.features());
        Path held = folder.resolve(WorkerJob.VALIDATION);
        RowFile validation = Files.exists(held) ? RowFile.open(held, plan.features()) : null;
        Path kept = folder.resolve(WorkerJob.CHECKPOINT);
        if (Files.exists(kept)) {
            resume(Checkpoint.read(kept, plan));
        }
        for (int epoch = history.size(); epoch < plan.epochs() && !isOver(); epoch++) {
            history.add(epoch(epoch, training, validation));
            try (PointerScope scope = new PointerScope()) { // an epoch leaves nothing behind in native memory
                keep(epoch, validation != null, kept);
            }
        }
        if (job.rank() == 0) {
            if (best != null) {
                restore(best);
            }
            Files.write(folder.resolve(WorkerJob.WEIGHTS_OUT), network.weights().toBytes());
            network.save(folder.resolve(WorkerJob.MODULE_OUT), plan.loss().link());
        }
        events.accept(new WorkerEvent.Finished(bestEpoch()));
    }

    private void keep(int epoch, boolean validated, Path file) throws IOException {
        if (validated && bestEpoch() == epoch) {
            best = network.weights();
        }
        if (job.rank() == 0) {
            events.accept(new WorkerEvent.Trained(history.get(epoch)));
            byte[] remembered = Checkpoint.viaFile(folder, steps::save);
            new Checkpoint(plan.fingerprint(), history, network.weights(), best, remembered).write(file);
            events.accept(new WorkerEvent.Kept(epoch));
        }
    }

    private void resume(Checkpoint from) throws IOException {
        if (from.history().size() > plan.epochs()) {
            throw ArclightException.badInput(
                    "The checkpoint holds %d epochs, and %d are to be trained: ask for at least as many, or give this training a folder of its own"
                            .formatted(from.history().size(), plan.epochs()));
        }
        restore(from.weights());
        Path optimiser = folder.resolve("optimiser.pt");
        Files.write(optimiser, from.optimiser());
        steps.load(optimiser);
        history.addAll(from.history());
        best = from.best();
        if (job.rank() == 0) {
            history.forEach(epoch -> events.accept(new WorkerEvent.Trained(epoch)));
        }
    }

    private void restore(Weights weights) {
        try (NoGradGuard guard = new NoGradGuard()) {
            network.restore(weights);
        }
    }

    private Epoch epoch(int epoch, RowFile training, @Nullable RowFile validation) throws InterruptedException {
        long started = System.nanoTime();
        double rate = plan.schedule().rate(plan.optimiser().learningRate(), epoch, plan.epochs());
        steps.rate(rate);
        network.training(true);
        torch.manual_seed(seed(epoch) + job.rank()); // of dropout, also after a restart
        double sum = 0;
        double weight = 0;
        long bytes = group.bytes();
        Long order = plan.shuffle() ? seed(epoch) : null;
        try (Batches batches = new Batches(training, plan.batch(), job.steps(), order)) {
            int step = 0;
            for (Batches.Batch batch = batches.next(); batch != null; batch = batches.next()) {
                try (PointerScope scope = new PointerScope()) {
                    step(batch);
                }
                batches.giveBack(batch);
                if (!Double.isFinite(gradients.loss())) {
                    throw ArclightException.badInput(
                            "The loss is %s in epoch %d, step %d (learning rate %s): check the features for extreme values and scale them, or lower the learning rate"
                                    .formatted(gradients.loss(), epoch, step, rate));
                }
                sum += gradients.loss();
                weight += gradients.weight();
                step++;
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        bytes = group.bytes() - bytes;
        Evaluation held = validation == null ? Evaluation.NONE : evaluate(validation, epoch, rate);
        return new Epoch(epoch, sum / weight, held.loss, held.metrics, rate, seconds, rows(training), bytes);
    }

    private void step(Batches.Batch batch) {
        gradients.zero();
        if (batch.rows() > 0) {
            Tensor labels = torch.from_blob(batch.labels, batch.rows());
            Tensor outputs = network.forward(torch.from_blob(batch.features, batch.rows(), plan.features()));
            Tensor losses = loss.sum(outputs, labels);
            losses.backward();
            gradients.add(losses.item().toDouble(), loss.weight(labels));
        } else {
            gradients.add(0, 0);
        }
        group.sum(gradients.block());
        gradients.divide();
        steps.step();
    }

    private record Evaluation(double loss, Map<String, Double> metrics) {
        static final Evaluation NONE = new Evaluation(Double.NaN, Map.of());
    }

    private Evaluation evaluate(RowFile rows, int epoch, double rate) throws InterruptedException {
        network.training(false);
        String[] names = loss.metrics();
        double[] sums = new double[3 + names.length]; // losses, their weights, rows, errors
        long count = (rows.rows() + EVALUATED - 1) / EVALUATED;
        try (Batches batches = new Batches(rows, EVALUATED, count, null);
                NoGradGuard guard = new NoGradGuard()) {
            for (Batches.Batch batch = batches.next(); batch != null; batch = batches.next()) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor labels = torch.from_blob(batch.labels, batch.rows());
                    Tensor outputs = network.forward(torch.from_blob(batch.features, batch.rows(), plan.features()));
                    sums[0] += loss.sum(outputs, labels).item().toDouble();
                    sums[1] += loss.weight(labels);
                    sums[2] += batch.rows();
                    double[] errors = loss.errors(outputs, labels);
                    for (int i = 0; i < errors.length; i++) {
                        sums[3 + i] += errors[i];
                    }
                }
                batches.giveBack(batch);
            }
        }
        sums = summed(sums);
        double mean = sums[0] / sums[1];
        if (!Double.isFinite(mean)) {
            throw ArclightException.badInput(
                    "The validation loss is %s after epoch %d (learning rate %s): check the validation rows for extreme values, or lower the learning rate"
                            .formatted(mean, epoch, rate));
        }
        Map<String, Double> metrics = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            double value = sums[3 + i] / sums[2];
            metrics.put(names[i], names[i].equals("rmse") ? Math.sqrt(value) : value);
        }
        return new Evaluation(mean, metrics);
    }

    private double[] summed(double[] values) {
        try (PointerScope scope = new PointerScope()) {
            Tensor all = Tensor.create(values);
            group.sum(all);
            double[] sums = new double[values.length];
            new org.bytedeco.javacpp.DoublePointer(all.data_ptr())
                    .capacity(sums.length)
                    .get(sums);
            return sums;
        }
    }

    private long rows(RowFile training) {
        return Math.round(summed(new double[] {training.rows()})[0]);
    }

    private long seed(int epoch) {
        return plan.seed() * 1_000_003 + epoch;
    }

    /** The one with the smallest validation loss, of equals the first; the last without validation data. */
    private int bestEpoch() {
        int found = 0;
        for (int i = 1; i < history.size(); i++) {
            double value = history.get(i).validationLoss();
            if (Double.isNaN(value) || value < history.get(found).validationLoss()) {
                found = i;
            }
        }
        return found;
    }

    private boolean isOver() {
        return plan.patience() > 0 && !history.isEmpty() && history.size() - 1 - bestEpoch() >= plan.patience();
    }
}
