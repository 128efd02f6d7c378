package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.util.Map;
import ml.dmlc.xgboost4j.scala.spark.XGBoostRegressor;
import org.junit.jupiter.api.Test;

final class SparkNamesTest {
    private static Map<String, Object> named(Map<String, Object> booster) {
        return SparkNames.of(booster, new XGBoostRegressor());
    }

    /** Would catch a learning rate that nobody hears of. */
    @Test
    void otherNamesBecomeThoseThatTheLibraryKnows() {
        assertThat(named(Map.of("learning_rate", 0.1, "reg_lambda", 2, "reg_alpha", 3, "min_split_loss", 4)))
                .isEqualTo(Map.of("eta", 0.1, "lambda", 2, "alpha", 3, "gamma", 4));
        assertThat(named(XGBoostParams.binary().booster()))
                .isEqualTo(XGBoostParams.binary().booster());
        assertThat(named(XGBoostParams.forest(3).booster()))
                .containsEntry("eta", 1)
                .containsEntry("lambda", 0);
    }

    @Test
    void whatTheLibraryWouldPassOverIsRefused() {
        assertThatThrownBy(() -> named(Map.of("max_dept", 3)))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("'max_dept'");
        assertThatThrownBy(() -> named(Map.of("eta", 0.1, "learning_rate", 0.2)))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("'eta' is given twice");
    }
}
