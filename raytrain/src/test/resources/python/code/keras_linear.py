"""What KerasSoakIT trains: a small network in Keras, whose gradients TensorFlow's workers average."""
import os
import tempfile

import numpy as np
import ray.train

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def train_loop(config):
    import keras
    import tensorflow as tf
    strategy = tf.distribute.MultiWorkerMirroredStrategy()      # Ray Train has set TF_CONFIG
    keras.utils.set_random_seed(config["seed"])                 # the same weights on each worker
    model = keras.Sequential([keras.Input((len(config["features"]),)), keras.layers.Dense(8, activation="relu"),
                              keras.layers.Dense(1)])
    optimiser = keras.optimizers.Adam(config["rate"])
    optimiser.build(model.trainable_variables)
    first, checkpoint = 0, ray.train.get_checkpoint()
    if checkpoint:
        with checkpoint.as_directory() as folder:
            model.load_weights(os.path.join(folder, "state.weights.h5"))
            with open(os.path.join(folder, "epoch")) as file:
                first = int(file.read()) + 1

    def gradients(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x, training=True) - y) ** 2)
        mine = tape.gradient(loss, model.trainable_variables)
        return loss, tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, mine)

    step = tf.function(lambda x, y: strategy.run(gradients, args=(x, y)))
    for epoch in range(first, config["epochs"]):
        losses, rows = 0.0, 0
        for features, label in config["batches"]("train", epoch):
            loss, averaged = step(tf.constant(features), tf.constant(label.reshape(-1, 1)))
            optimiser.apply_gradients(zip(averaged, model.trainable_variables))
            losses, rows = losses + float(loss) * len(label), rows + len(label)
        held = [float(np.mean((model(x).numpy()[:, 0] - y) ** 2)) for x, y in config["batches"]("validation")]
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = None
            if ray.train.get_context().get_world_rank() == 0:
                model.save(os.path.join(folder, "model.keras"))
                model.save_weights(os.path.join(folder, "state.weights.h5"))
                with open(os.path.join(folder, "epoch"), "w") as file:
                    file.write(str(epoch))
                checkpoint = ray.train.Checkpoint.from_directory(folder)
            ray.train.report({"epoch": epoch, "loss": losses / rows, "validation_loss": float(np.mean(held))},
                             checkpoint=checkpoint)
