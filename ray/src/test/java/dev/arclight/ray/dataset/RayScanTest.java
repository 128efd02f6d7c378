package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class RayScanTest {
    private static final long MIB = 1L << 20;

    /**
     * Whatever the sizes: every block once, in order, of one node, and no less partitions than slots where blocks
     * suffice.
     */
    @Property(tries = 500)
    void everyBlockIsInOnePartition(
            @ForAll @Size(max = 40) List<@LongRange(min = 0, max = 400) Long> sizes,
            @ForAll @IntRange(min = 1, max = 12) int slots,
            @ForAll @IntRange(min = 1, max = 3) int nodes) {
        List<RayDataset.Block> blocks = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            blocks.add(block(sizes.get(i) * MIB, "node" + i * nodes / sizes.size()));
        }
        List<RayScan.Blocks> packed = RayScan.pack(blocks, Integer.MAX_VALUE, slots, true);
        List<Integer> read = packed.stream()
                .flatMap(some -> IntStream.range(some.from(), some.end()).boxed())
                .toList();
        assertThat(read).isEqualTo(IntStream.range(0, blocks.size()).boxed().toList());
        for (RayScan.Blocks some : packed) {
            List<RayDataset.Block> together = blocks.subList(some.from(), some.end());
            assertThat(together).allSatisfy(one -> assertThat(one.nodes()).isEqualTo(some.nodes()));
            if (together.size() > 1) {
                assertThat(together.stream().mapToLong(RayDataset.Block::bytes).sum())
                        .isLessThanOrEqualTo(256 * MIB);
            }
        }
    }

    @Test
    void aPartitionForEachSlot() {
        List<RayDataset.Block> blocks = Collections.nCopies(10, block(64 * MIB, "a"));
        assertThat(RayScan.pack(blocks, Integer.MAX_VALUE, 2, true)).hasSize(3); // of 256 MiB at most
        assertThat(RayScan.pack(blocks, Integer.MAX_VALUE, 5, true)).hasSize(5);
        assertThat(RayScan.pack(blocks, Integer.MAX_VALUE, 64, true)).hasSize(10);
    }

    @Test
    void aLimitNeedsOneBlock() {
        List<RayDataset.Block> blocks = Collections.nCopies(10, block(64 * MIB, "a"));
        assertThat(RayScan.pack(blocks, 3, 2, true)).containsExactly(new RayScan.Blocks(0, 1, List.of("a")));
    }

    private static RayDataset.Block block(long bytes, String node) {
        return new RayDataset.Block(5, bytes, "", List.of(node));
    }
}
