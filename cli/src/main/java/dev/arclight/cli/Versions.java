package dev.arclight.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions written into the jar by the build, so that asking for them loads nothing. */
record Versions(String arclight, String spark, String scala, String xgboost) {
    static Versions ofThisBuild() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
            if (in == null) {
                throw new IllegalStateException("versions.properties is not in the jar");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Versions(
                properties.getProperty("arclight"),
                properties.getProperty("spark"),
                properties.getProperty("scala"),
                properties.getProperty("xgboost"));
    }
}
