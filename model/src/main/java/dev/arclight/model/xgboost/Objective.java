package dev.arclight.model.xgboost;

import dev.arclight.base.ArclightException;

/**
 * What turns margins into predictions, in XGBoost's own float arithmetic ({@code src/objective/*.cu},
 * {@code src/common/math.h}).
 */
enum Objective {
    IDENTITY {
        @Override
        float toMargin(float baseScore) {
            return baseScore;
        }

        @Override
        void transform(float[] margins, int marginStart, int groups, float[] into, int start) {
            System.arraycopy(margins, marginStart, into, start, groups);
        }
    },
    LOGISTIC {
        @Override
        float toMargin(float baseScore) {
            return logit(baseScore);
        }

        @Override
        void transform(float[] margins, int marginStart, int groups, float[] into, int start) {
            for (int i = 0; i < groups; i++) {
                into[start + i] = sigmoid(margins[marginStart + i]);
            }
        }
    },
    HINGE {
        @Override
        float toMargin(float baseScore) {
            return baseScore;
        }

        @Override
        void transform(float[] margins, int marginStart, int groups, float[] into, int start) {
            for (int i = 0; i < groups; i++) {
                into[start + i] = margins[marginStart + i] > 0f ? 1f : 0f;
            }
        }
    },
    EXPONENTIAL {
        @Override
        float toMargin(float baseScore) {
            return (float) Math.log(baseScore);
        }

        @Override
        void transform(float[] margins, int marginStart, int groups, float[] into, int start) {
            for (int i = 0; i < groups; i++) {
                into[start + i] = Expf.of(margins[marginStart + i]);
            }
        }
    },
    SOFTPROB {
        @Override
        float toMargin(float baseScore) {
            return baseScore;
        }

        @Override
        void transform(float[] margins, int marginStart, int groups, float[] into, int start) {
            float most = margins[marginStart];
            for (int i = 1; i < groups; i++) {
                most = Math.max(margins[marginStart + i], most);
            }
            double sum = 0;
            for (int i = 0; i < groups; i++) {
                float exp = Expf.of(margins[marginStart + i] - most);
                into[start + i] = exp;
                sum += exp;
            }
            float total = (float) sum;
            for (int i = 0; i < groups; i++) {
                into[start + i] /= total;
            }
        }
    },
    SOFTMAX {
        @Override
        float toMargin(float baseScore) {
            return baseScore;
        }

        @Override
        int outputs(int groups) {
            return 1;
        }

        @Override
        void transform(float[] margins, int marginStart, int groups, float[] into, int start) {
            int best = 0;
            for (int i = 1; i < groups; i++) {
                if (margins[marginStart + i] > margins[marginStart + best]) {
                    best = i;
                }
            }
            into[start] = best;
        }
    };

    /** The base score as the file has it, in the space of the margins. */
    abstract float toMargin(float baseScore);

    /**
     * Writes {@link #outputs} predictions of one row at {@code into[start]}; reading and writing may overlap exactly.
     */
    abstract void transform(float[] margins, int marginStart, int groups, float[] into, int start);

    int outputs(int groups) {
        return groups;
    }

    /** The objective that XGBoost calls {@code name}. */
    static Objective of(String name) {
        return switch (name) {
            case "reg:squarederror",
                    "reg:linear",
                    "reg:squaredlogerror",
                    "reg:pseudohubererror",
                    "reg:absoluteerror",
                    "reg:quantileerror",
                    "rank:pairwise",
                    "rank:ndcg",
                    "rank:map",
                    "binary:logitraw" -> IDENTITY;
            case "binary:logistic", "reg:logistic" -> LOGISTIC;
            case "binary:hinge" -> HINGE;
            case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft" -> EXPONENTIAL;
            case "multi:softprob" -> SOFTPROB;
            case "multi:softmax" -> SOFTMAX;
            default ->
                throw ArclightException.badInput(
                        "The XGBoost objective '%s' is not known here, so its predictions cannot be trusted; known are the built-in objectives of XGBoost 1.0 to 3.2"
                                .formatted(name));
        };
    }

    private static float logit(float probability) {
        return (float) -Math.log(1f / probability - 1f);
    }

    private static float sigmoid(float margin) {
        float exp = Expf.of(Math.min(-margin, 88.7f));
        return 1f / (exp + 1f + 1e-16f);
    }
}
