package dev.arclight.ray.dataset;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the tasks of an executor and the methods that Ray calls on it meet: both run in one JVM, on threads that know
 * nothing of each other. Safe for use by many threads.
 */
public final class Handover {
    /** Spark makes the tasks and Ray the actor, so there is no other way from one to the other. */
    public static final Handover OF_THIS_PROCESS = new Handover();

    private static final byte[] NOTHING = {};

    private final Map<String, byte[]> leaving = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<byte[]>> awaited = new ConcurrentHashMap<>();

    Handover() {}

    /** Offers a block for {@link #take}; kept until then, or {@link #withdraw}. */
    void offer(String key, byte[] block) {
        leaving.put(key, block);
    }

    void withdraw(String key) {
        leaving.remove(key);
    }

    /** The block offered, which is offered no more; empty if there is none. */
    public byte[] take(String key) {
        byte[] block = leaving.remove(key);
        return block == null ? NOTHING : block;
    }

    /** Begins to wait for a block. */
    void expect(String token) {
        awaited.put(token, new CompletableFuture<>());
    }

    /** Gives a waiting task its block; false if it waits no more. */
    public boolean deliver(String token, byte[] block) {
        CompletableFuture<byte[]> waiting = awaited.get(token);
        return waiting != null && waiting.complete(block);
    }

    /** The block that was delivered; waits for it no more. */
    byte[] delivered(String token) {
        @Nullable CompletableFuture<byte[]> waiting = awaited.remove(token);
        byte[] block = waiting == null ? null : waiting.getNow(null);
        if (block == null) {
            throw new ArclightException(ErrorCode.INTERNAL, "A block was said to be here, and is not");
        }
        return block;
    }

    void expectNoMore(String token) {
        awaited.remove(token);
    }
}
