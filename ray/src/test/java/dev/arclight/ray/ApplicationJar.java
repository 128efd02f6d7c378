package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** An application as a user would submit it: a jar whose classes are on nobody's class path. */
final class ApplicationJar {
    /** Sums words by a class of its own in RDD code, with Spark's own builder, and says what else it is told. */
    private static final String SOURCE = """
            import java.io.Serializable;
            import java.util.List;
            import org.apache.spark.api.java.JavaSparkContext;
            import org.apache.spark.sql.SparkSession;
            public class Words {
                public static class Word implements Serializable {
                    final String text;
                    Word(String text) { this.text = text; }
                    @Override public int hashCode() { return text.hashCode(); }
                    @Override public boolean equals(Object o) { return o instanceof Word w && w.text.equals(text); }
                }
                public static void main(String[] a) throws Exception {
                    System.out.println("ARGUMENTS " + List.of(a));
                    if (a[0].equals("fail")) throw new IllegalStateException("as asked");
                    SparkSession spark = SparkSession.builder().getOrCreate();
                    var counted = JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .parallelize(List.of("b a", "a c a", "b"), 3)
                        .flatMap(line -> List.of(line.split(" ")).iterator())
                        .mapToPair(word -> new scala.Tuple2<>(new Word(word), 1))
                        .reduceByKey(Integer::sum)
                        .mapToPair(pair -> new scala.Tuple2<>(pair._1().text, pair._2()))
                        .collectAsMap();
                    System.out.println("ANSWER " + new java.util.TreeMap<>(counted));
                    System.out.println("SECURE " + spark.sparkContext().getConf().get("spark.network.crypto.enabled"));
                    if (a[0].equals("wait")) Thread.sleep(600_000);
                    if (a[0].equals("exit")) System.exit(Integer.parseInt(a[1]));
                    spark.stop();
                }
            }
            """;

    static final String MAIN = "Words";
    static final String ANSWER = "ANSWER {a=3, b=2, c=1}";

    private ApplicationJar() {}

    static Path compile(Path folder) throws IOException {
        return compile(folder, MAIN, SOURCE);
    }

    /** A jar of one source file. */
    static Path compile(Path folder, String main, String text) throws IOException {
        Path source = Files.writeString(folder.resolve(main + ".java"), text);
        Path classes = Files.createDirectory(folder.resolve(main));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                classes.toString(),
                                source.toString()))
                .isZero();
        Path jar = folder.resolve(main + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                out.putNextEntry(new JarEntry(file.getFileName().toString()));
                out.write(Files.readAllBytes(file));
            }
        }
        return jar;
    }
}
