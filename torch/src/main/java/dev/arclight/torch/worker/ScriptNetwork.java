package dev.arclight.torch.worker;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.torch.Layer;
import dev.arclight.model.torch.Link;
import dev.arclight.model.torch.Network;
import dev.arclight.model.torch.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.BoolType;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.named_buffer_iterator;
import org.bytedeco.pytorch.named_buffer_list;
import org.bytedeco.pytorch.named_parameter_iterator;
import org.bytedeco.pytorch.named_parameter_list;

/**
 * A network as a TorchScript module: made from layers, or read from a file that Python wrote. Its tensors live as long
 * as the caller's pointer scope.
 */
final class ScriptNetwork {
    private final JitModule module;
    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> buffers;
    private final List<Layer> layers;
    private final int features;

    private ScriptNetwork(
            JitModule module,
            Map<String, Tensor> parameters,
            Map<String, Tensor> buffers,
            List<Layer> layers,
            int features) {
        this.module = module;
        this.parameters = parameters;
        this.buffers = buffers;
        this.layers = layers;
        this.features = features;
    }

    /** Layers with weights of their names. */
    static ScriptNetwork of(List<Layer> layers, int features, Weights weights) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        Map<String, Tensor> buffers = new LinkedHashMap<>();
        for (Weights.Tensor given : weights.tensors()) {
            Tensor tensor = torch.empty(given.shape());
            copy(given.values(), tensor);
            if (given.name().contains(".running_")) {
                buffers.put(given.name(), tensor);
            } else {
                parameters.put(given.name(), tensor.set_requires_grad(true));
            }
        }
        JitModule module = module(layers, features, parameters, buffers, Link.IDENTITY);
        return new ScriptNetwork(module, parameters, buffers, layers, features);
    }

    /** A file that {@code torch.jit.save} wrote. */
    static ScriptNetwork load(Path file, int features) {
        JitModule module;
        try {
            module = torch.load(file.toString());
        } catch (RuntimeException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "The network is no TorchScript file that this PyTorch reads (%s): write it with torch.jit.script(model).save(path)"
                            .formatted(firstLine(e)),
                    e);
        }
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        named_parameter_list given = module.named_parameters();
        for (named_parameter_iterator at = given.begin(); at.notEquals(given.end()); at.increment()) {
            parameters.put(
                    at.access().name().getString(), new Tensor(at.access().value()));
        }
        Map<String, Tensor> buffers = new LinkedHashMap<>();
        named_buffer_list kept = module.named_buffers();
        for (named_buffer_iterator at = kept.begin(); at.notEquals(kept.end()); at.increment()) {
            buffers.put(at.access().name().getString(), new Tensor(at.access().value()));
        }
        if (parameters.isEmpty()) {
            throw ArclightException.badInput("The TorchScript file has no parameters: there is nothing to train");
        }
        parameters.forEach((name, tensor) -> {
            if (tensor.scalar_type().value != torch.ScalarType.Float.value) {
                throw ArclightException.badInput(
                        "The TorchScript file has the parameter '%s' of type %s: float32 is needed, so save model.float()"
                                .formatted(name, tensor.dtype().name().getString()));
            }
        });
        return new ScriptNetwork(module, parameters, buffers, List.of(), features);
    }

    /** What is trained, in order. */
    List<Tensor> parameters() {
        return List.copyOf(parameters.values());
    }

    void training(boolean on) {
        module.train(on);
    }

    /** The raw outputs, shape (rows, outputs). */
    Tensor forward(Tensor rows) {
        try {
            return module.forward(new IValueVector(new IValue(rows))).toTensor();
        } catch (RuntimeException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "The network does not take rows of %d features: %s".formatted(features, firstLine(e)),
                    e);
        }
    }

    /** A copy of all float32 weights. */
    Weights weights() {
        List<Weights.Tensor> all = new ArrayList<>();
        parameters.forEach((name, tensor) -> all.add(copy(name, tensor)));
        buffers.forEach((name, tensor) -> {
            if (tensor.scalar_type().value == torch.ScalarType.Float.value) {
                all.add(copy(name, tensor));
            }
        });
        return new Weights(all);
    }

    /** Overwrites weights with those of the same names. */
    void restore(Weights from) {
        for (Weights.Tensor given : from.tensors()) {
            Tensor tensor =
                    parameters.containsKey(given.name()) ? parameters.get(given.name()) : buffers.get(given.name());
            if (tensor == null || !Arrays.equals(tensor.sizes().vec().get(), given.shape())) {
                throw ArclightException.badInput(
                        "The checkpoint has the weight %s, which the network has not: it belongs to another training"
                                .formatted(given));
            }
            copy(given.values(), tensor);
        }
    }

    /** Writes a TorchScript file in evaluation mode whose outputs are predictions. */
    void save(Path file, Link link) {
        JitModule written = layers.isEmpty() ? wrapped(link) : module(layers, features, parameters, buffers, link);
        written.eval();
        written.save(file.toString());
        module.train(module.is_training());
    }

    static String firstLine(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        String last = message.lines()
                .filter(line -> !line.isBlank())
                .reduce((a, b) -> b)
                .orElse(message);
        return message.lines()
                .filter(line -> line.contains("Error:") || line.contains("error:"))
                .findFirst()
                .orElse(last)
                .strip();
    }

    private JitModule wrapped(Link link) {
        if (link == Link.IDENTITY) {
            return module;
        }
        JitModule root = empty("Linked");
        root.register_module("network", module);
        root.define("def forward(self, x: Tensor) -> Tensor:\n  x = self.network.forward(x)\n" + link(link)
                + "  return x\n");
        return root;
    }

    private static JitModule module(
            List<Layer> layers, int features, Map<String, Tensor> parameters, Map<String, Tensor> buffers, Link link) {
        Network network = new Network(layers);
        JitModule root = empty("Network");
        StringBuilder body = new StringBuilder("def forward(self, x: Tensor) -> Tensor:\n");
        List<Layer.Embedding> embeddings = network.embeddings();
        if (!embeddings.isEmpty()) {
            body.append("  parts = [torch.index_select(x, 1, torch.tensor(%s))]\n"
                    .formatted(network.plainFeatures(features)));
            for (int i = 0; i < embeddings.size(); i++) {
                body.append("  parts.append(getattr(self, \"%d\").forward(torch.select(x, 1, %d)))\n"
                        .formatted(i, embeddings.get(i).feature()));
            }
            body.append("  x = torch.cat(parts, 1)\n");
        }
        for (int i = 0; i < layers.size(); i++) {
            JitModule child = empty("Layer" + i);
            for (Map.Entry<String, Tensor> one : parameters.entrySet()) {
                if (one.getKey().startsWith(i + ".")) {
                    child.register_parameter(
                            one.getKey().substring(one.getKey().indexOf('.') + 1), one.getValue(), false);
                }
            }
            for (Map.Entry<String, Tensor> one : buffers.entrySet()) {
                if (one.getKey().startsWith(i + ".")) {
                    child.register_buffer(one.getKey().substring(one.getKey().indexOf('.') + 1), one.getValue());
                }
            }
            child.define("def forward(self, x: Tensor) -> Tensor:\n  return " + source(layers.get(i)) + "\n");
            root.register_module(Integer.toString(i), child);
            if (!(layers.get(i) instanceof Layer.Embedding)) {
                body.append("  x = getattr(self, \"%d\").forward(x)\n".formatted(i));
            }
        }
        root.define(body + link(link) + "  return x\n");
        return root;
    }

    private static String source(Layer layer) {
        if (layer instanceof Layer.Linear) {
            return "torch.linear(x, self.weight, self.bias)";
        } else if (layer instanceof Layer.Relu) {
            return "torch.relu(x)";
        } else if (layer instanceof Layer.Tanh) {
            return "torch.tanh(x)";
        } else if (layer instanceof Layer.Sigmoid) {
            return "torch.sigmoid(x)";
        } else if (layer instanceof Layer.Dropout dropout) {
            return "torch.dropout(x, %s, self.training)".formatted(dropout.rate());
        } else if (layer instanceof Layer.BatchNorm) {
            return "torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 0.00001, False)";
        }
        // 4 is the number of the type int64: names of types are of Python, not of TorchScript
        return "torch.embedding(self.weight, torch.to(x, 4))";
    }

    private static String link(Link link) {
        return switch (link) {
            case IDENTITY -> "";
            case SIGMOID -> "  x = torch.sigmoid(x)\n";
            case SOFTMAX -> "  x = torch.softmax(x, -1)\n";
        };
    }

    private static JitModule empty(String name) {
        JitModule module = new JitModule(new QualifiedName("__torch__.arclight." + name));
        module.register_attribute("training", new Type.TypePtr(BoolType.get().get()), new IValue(true), false, false);
        return module;
    }

    private static Weights.Tensor copy(String name, Tensor tensor) {
        Tensor flat = tensor.detach().contiguous();
        float[] values = new float[Math.toIntExact(flat.numel())];
        new FloatPointer(flat.data_ptr()).capacity(values.length).get(values);
        return new Weights.Tensor(name, tensor.sizes().vec().get(), values);
    }

    private static void copy(float[] values, Tensor to) {
        new FloatPointer(to.data_ptr()).capacity(values.length).put(values);
    }
}
