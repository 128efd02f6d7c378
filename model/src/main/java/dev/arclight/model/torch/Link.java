package dev.arclight.model.torch;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What turns a network's raw outputs into predictions. */
public enum Link {
    /** The outputs as they are. */
    @JsonProperty("identity")
    IDENTITY("identity"),
    /** Each output through the logistic function: a probability. */
    @JsonProperty("sigmoid")
    SIGMOID("sigmoid"),
    /** All outputs of a row through softmax: a probability for each class. */
    @JsonProperty("softmax")
    SOFTMAX("softmax");

    private final String text;

    Link(String text) {
        this.text = text;
    }

    /** As it stands in files. */
    public String text() {
        return text;
    }

    /** Applies it in place to one row. */
    void apply(float[] values, int from, int width) {
        switch (this) {
            case IDENTITY -> {}
            case SIGMOID -> {
                for (int i = from; i < from + width; i++) {
                    values[i] = (float) (1 / (1 + Math.exp(-values[i])));
                }
            }
            case SOFTMAX -> {
                float largest = Float.NEGATIVE_INFINITY;
                for (int i = from; i < from + width; i++) {
                    largest = Math.max(largest, values[i]);
                }
                double sum = 0;
                for (int i = from; i < from + width; i++) {
                    sum += Math.exp(values[i] - largest);
                }
                for (int i = from; i < from + width; i++) {
                    values[i] = (float) (Math.exp(values[i] - largest) / sum);
                }
            }
        }
    }
}
