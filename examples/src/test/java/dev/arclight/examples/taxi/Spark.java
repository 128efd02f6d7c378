package dev.arclight.examples.taxi;

import dev.arclight.engine.Arclight;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test class one embedded session, closed after it: commands in other classes start their own. */
public final class Spark implements ParameterResolver {
    private record Session(Arclight arclight) implements AutoCloseable {
        @Override
        public void close() {
            arclight.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
        return parameter.getParameter().getType() == SparkSession.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
        ExtensionContext ofClass = extension.getParent().orElse(extension);
        return ofClass.getStore(ExtensionContext.Namespace.create(Spark.class))
                .getOrComputeIfAbsent(
                        Session.class,
                        key -> new Session(
                                Arclight.builder("taxi-test").master("local[2]").start()),
                        Session.class)
                .arclight()
                .spark();
    }
}
