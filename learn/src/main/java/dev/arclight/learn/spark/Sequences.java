package dev.arclight.learn.spark;

import java.util.ArrayList;
import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Scala's sequences as Spark's internals want them. */
final class Sequences {
    private Sequences() {}

    static <T> Seq<T> one(T element) {
        return of(List.of(element));
    }

    static <T> Seq<T> of(List<? extends T> elements) {
        return CollectionConverters.<T>asScala(new ArrayList<T>(elements)).toSeq();
    }

    static <T> List<T> list(Seq<T> elements) {
        return CollectionConverters.asJava(elements);
    }

    static <T> Seq<T> append(Seq<T> elements, T last) {
        List<T> all = new ArrayList<>(list(elements));
        all.add(last);
        return of(all);
    }
}
