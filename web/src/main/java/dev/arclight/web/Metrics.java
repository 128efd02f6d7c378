package dev.arclight.web;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * What a server counts, in Prometheus' terms; the text of {@code GET /metrics}. Safe for use by many threads.
 *
 * <p>Names end in their unit ({@code _seconds}, {@code _bytes}); counters get {@code _total} by themselves.
 */
public final class Metrics {
    /** 100 µs to 30 s. */
    private static final double[] SECONDS = {
        1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();

    /** Metrics of this JVM's memory are there from the start. */
    public Metrics() {
        gauge(
                "process_start_time_seconds",
                "When the process started, seconds since 1970",
                () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        Runtime runtime = Runtime.getRuntime();
        gauge("jvm_memory_used_bytes", "Heap in use", () -> runtime.totalMemory() - runtime.freeMemory());
        gauge("jvm_memory_max_bytes", "Heap at most", runtime::maxMemory);
        gauge(
                "jvm_threads_current",
                "Live threads",
                () -> ManagementFactory.getThreadMXBean().getThreadCount());
    }

    /** Something that only grows. */
    public Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** Something that is set. */
    public Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** Something that is looked at when asked for. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Some things of one kind that are looked at when asked for: the values by their labels' values. */
    public void gauges(String name, String help, Supplier<Map<List<String>, Double>> values, String... labels) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .callback(callback -> values.get()
                        .forEach((labelled, value) -> callback.call(value, labelled.toArray(String[]::new))))
                .register(registry);
    }

    /** How long something took, in buckets from 100 µs to 30 s. */
    public Histogram seconds(String name, String help, String... labels) {
        return histogram(name, help, SECONDS, labels);
    }

    /** How something is distributed over buckets with such upper bounds. */
    public Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(bounds)
                .register(registry);
    }

    /** All of it, in Prometheus' text format 0.0.4. */
    public Reply reply() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 14);
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return Reply.bytes(PrometheusTextFormatWriter.CONTENT_TYPE, text.toByteArray());
    }
}
