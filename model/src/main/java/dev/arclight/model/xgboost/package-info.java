/**
 * XGBoost's model files, read and written without XGBoost, and a predictor that gives its exact float results. Start at
 * {@link dev.arclight.model.xgboost.XGBoostFile}.
 */
@NullMarked
package dev.arclight.model.xgboost;

import org.jspecify.annotations.NullMarked;
