package dev.arclight.tune;

/**
 * The two forms of the tree-structured Parzen estimator.
 *
 * @param joint one density over all parameters of a group, or one for each parameter
 * @param startUpTrials drawn at random before anything is estimated
 */
record TpeSettings(boolean joint, int startUpTrials) {
    /**
     * Optuna's, with {@code multivariate=True, group=True, constant_liar=True}, but bolder, which makes up for the lag:
     * 15 instead of 10 trials of a hundred are good, and kernels are narrower.
     */
    static final TpeSettings MULTIVARIATE = new TpeSettings(true, 10);

    /** Hyperopt's {@code tpe.suggest}. */
    static final TpeSettings UNIVARIATE = new TpeSettings(false, 20);

    private static final int MOST_GOOD_TRIALS = 25;

    /** How many of {@code trials} count as good. */
    int good(int trials) {
        double share = joint ? 0.15 * trials : 0.25 * Math.sqrt(trials);
        return Math.min((int) Math.ceil(share), MOST_GOOD_TRIALS);
    }
}
