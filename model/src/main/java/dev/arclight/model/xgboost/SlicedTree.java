package dev.arclight.model.xgboost;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * One tree of a {@link SlicedForest}: set operations that give each row of a block the number of its leaf. Immutable.
 */
final class SlicedTree {
    /** Leaves are numbered with two bytes. */
    static final int MOST_NODES = 1 << 16;

    private static final int PLANES = 16;

    private static final int LEFT = 0;
    private static final int RIGHT = 1;
    private static final int JOIN = 2;
    private static final int JOIN_LEFT = 3;
    private static final int JOIN_RIGHT = 4;

    /** Of each operation: kind (3 bits), plane (5 bits) and level; then the question. */
    private final int[] program;

    /** Leaf values by number. */
    private final float[] leaves;

    private final int planes;
    private final int levels;

    /** What one thread works with. */
    static final class Scratch {
        private final long[][] levels;
        private final long[][] planes;

        Scratch(int levels, int words) {
            this.levels = new long[levels][words];
            this.planes = new long[PLANES][words];
            Arrays.fill(this.levels[0], -1L);
        }
    }

    private SlicedTree(int[] program, float[] leaves, int planes, int levels) {
        this.program = program;
        this.leaves = leaves;
        this.planes = planes;
        this.levels = levels;
    }

    /** @param question the number of a node's question */
    static SlicedTree of(Tree tree, IntUnaryOperator question) {
        int[] count = tree.leavesBelow();
        Compiler compiler = new Compiler(tree, count, question);
        compiler.leaves = new float[count[0]];
        int planes = 32 - Integer.numberOfLeadingZeros(count[0] - 1);
        compiler.children(0, 0, 0, 0);
        return new SlicedTree(
                Arrays.copyOf(compiler.program, compiler.length), compiler.leaves, planes, compiler.deepest + 1);
    }

    int operations() {
        return program.length / 2;
    }

    int levels() {
        return levels;
    }

    private static final class Compiler {
        private final Tree tree;
        private final int[] count;
        private final IntUnaryOperator question;
        private int[] program = new int[64];
        private int length;
        private float[] leaves = new float[0];
        private int deepest;

        Compiler(Tree tree, int[] count, IntUnaryOperator question) {
            this.tree = tree;
            this.count = count;
            this.question = question;
        }

        /** Below {@code node}, whose leaves begin with number {@code first} and all have the bits {@code known}. */
        private void children(int node, int level, int first, int known) {
            if (tree.feature[node] < 0) {
                leaves[first] = tree.value[node];
                return;
            }
            int left = tree.left[node];
            int asked = question.applyAsInt(node);
            child(left, LEFT, level, asked, first, known);
            child(left + 1, RIGHT, level, asked, first + count[left], known);
        }

        private void child(int node, int side, int level, int asked, int first, int known) {
            int common = commonBits(first, first + count[node] - 1);
            int fresh = common & ~known;
            boolean leaf = tree.feature[node] < 0;
            if (leaf && Integer.bitCount(fresh) < 2) {
                leaves[first] = tree.value[node];
                if (fresh != 0) {
                    emit(side == LEFT ? JOIN_LEFT : JOIN_RIGHT, Integer.numberOfTrailingZeros(fresh), level, asked);
                }
                return;
            }
            emit(side, 0, level, asked);
            deepest = Math.max(deepest, level + 1);
            for (int bits = fresh; bits != 0; bits &= bits - 1) {
                emit(JOIN, Integer.numberOfTrailingZeros(bits), level + 1, 0);
            }
            children(node, level + 1, first, common);
        }

        /** The bits that all numbers from {@code first} to {@code last} have. */
        private static int commonBits(int first, int last) {
            int differing = 32 - Integer.numberOfLeadingZeros(first ^ last);
            // Below the highest differing bit a range of numbers crosses a multiple of a power of two: nothing common.
            return differing == 32 ? 0 : (first >>> differing) << differing;
        }

        private void emit(int kind, int plane, int level, int asked) {
            if (length + 2 > program.length) {
                program = Arrays.copyOf(program, 2 * program.length);
            }
            program[length++] = kind | (plane << 3) | (level << 8);
            program[length++] = asked;
        }
    }

    /**
     * Adds the leaf of each row to its sum.
     *
     * @param answered of each question, the rows that say yes
     * @param words how many words of 64 rows
     * @param sums of each row of all these words
     */
    void add(long[][] answered, int words, Scratch scratch, float[] sums) {
        long[][] levels = scratch.levels;
        long[][] planes = scratch.planes;
        int cleared = this.planes <= 8 ? 8 : PLANES;
        for (int p = 0; p < cleared; p++) {
            Arrays.fill(planes[p], 0, words, 0);
        }
        int[] code = program;
        for (int i = 0; i < code.length; i += 2) {
            int op = code[i];
            int level = op >>> 8;
            switch (op & 7) {
                case LEFT -> yes(levels[level + 1], levels[level], answered[code[i + 1]], words);
                case RIGHT -> no(levels[level + 1], levels[level], answered[code[i + 1]], words);
                case JOIN -> join(planes[(op >>> 3) & 31], levels[level], words);
                case JOIN_LEFT -> joinYes(planes[(op >>> 3) & 31], levels[level], answered[code[i + 1]], words);
                default -> joinNo(planes[(op >>> 3) & 31], levels[level], answered[code[i + 1]], words);
            }
        }
        if (this.planes <= 8) {
            addLow(planes, words, sums);
        } else {
            addBoth(planes, words, sums);
        }
    }

    // One small loop a method: the JIT compiler makes vector instructions of such.

    private static void yes(long[] to, long[] from, long[] said, int words) {
        for (int w = 0; w < words; w++) {
            to[w] = from[w] & said[w];
        }
    }

    private static void no(long[] to, long[] from, long[] said, int words) {
        for (int w = 0; w < words; w++) {
            to[w] = from[w] & ~said[w];
        }
    }

    private static void join(long[] plane, long[] from, int words) {
        for (int w = 0; w < words; w++) {
            plane[w] |= from[w];
        }
    }

    private static void joinYes(long[] plane, long[] from, long[] said, int words) {
        for (int w = 0; w < words; w++) {
            plane[w] |= from[w] & said[w];
        }
    }

    private static void joinNo(long[] plane, long[] from, long[] said, int words) {
        for (int w = 0; w < words; w++) {
            plane[w] |= from[w] & ~said[w];
        }
    }

    private void addLow(long[][] planes, int words, float[] sums) {
        float[] leaf = leaves;
        for (int w = 0; w < words; w++) {
            long a = planes[0][w];
            long b = planes[1][w];
            long c = planes[2][w];
            long d = planes[3][w];
            long e = planes[4][w];
            long f = planes[5][w];
            long g = planes[6][w];
            long h = planes[7][w];
            // Bytes: after this, a holds the first byte of each plane, b the second, ...
            long t = ((a >>> 32) ^ e) & 0xffffffffL;
            e ^= t;
            a ^= t << 32;
            t = ((b >>> 32) ^ f) & 0xffffffffL;
            f ^= t;
            b ^= t << 32;
            t = ((c >>> 32) ^ g) & 0xffffffffL;
            g ^= t;
            c ^= t << 32;
            t = ((d >>> 32) ^ h) & 0xffffffffL;
            h ^= t;
            d ^= t << 32;
            t = ((a >>> 16) ^ c) & 0x0000ffff0000ffffL;
            c ^= t;
            a ^= t << 16;
            t = ((b >>> 16) ^ d) & 0x0000ffff0000ffffL;
            d ^= t;
            b ^= t << 16;
            t = ((e >>> 16) ^ g) & 0x0000ffff0000ffffL;
            g ^= t;
            e ^= t << 16;
            t = ((f >>> 16) ^ h) & 0x0000ffff0000ffffL;
            h ^= t;
            f ^= t << 16;
            t = ((a >>> 8) ^ b) & 0x00ff00ff00ff00ffL;
            b ^= t;
            a ^= t << 8;
            t = ((c >>> 8) ^ d) & 0x00ff00ff00ff00ffL;
            d ^= t;
            c ^= t << 8;
            t = ((e >>> 8) ^ f) & 0x00ff00ff00ff00ffL;
            f ^= t;
            e ^= t << 8;
            t = ((g >>> 8) ^ h) & 0x00ff00ff00ff00ffL;
            h ^= t;
            g ^= t << 8;
            int row = w << 6;
            eight(leaf, transpose(a), sums, row);
            eight(leaf, transpose(b), sums, row + 8);
            eight(leaf, transpose(c), sums, row + 16);
            eight(leaf, transpose(d), sums, row + 24);
            eight(leaf, transpose(e), sums, row + 32);
            eight(leaf, transpose(f), sums, row + 40);
            eight(leaf, transpose(g), sums, row + 48);
            eight(leaf, transpose(h), sums, row + 56);
        }
    }

    private static void eight(float[] leaf, long x, float[] sums, int row) {
        sums[row] += leaf[(int) x & 255];
        sums[row + 1] += leaf[(int) (x >>> 8) & 255];
        sums[row + 2] += leaf[(int) (x >>> 16) & 255];
        sums[row + 3] += leaf[(int) (x >>> 24) & 255];
        sums[row + 4] += leaf[(int) (x >>> 32) & 255];
        sums[row + 5] += leaf[(int) (x >>> 40) & 255];
        sums[row + 6] += leaf[(int) (x >>> 48) & 255];
        sums[row + 7] += leaf[(int) (x >>> 56)];
    }

    /** Eight by eight bits (Warren, Hacker's Delight, 7-3). */
    private static long transpose(long x) {
        long t = (x ^ (x >>> 7)) & 0x00aa00aa00aa00aaL;
        x ^= t ^ (t << 7);
        t = (x ^ (x >>> 14)) & 0x0000cccc0000ccccL;
        x ^= t ^ (t << 14);
        t = (x ^ (x >>> 28)) & 0x00000000f0f0f0f0L;
        return x ^ t ^ (t << 28);
    }

    /** Two bytes a row; the trees that need it are mostly busy with their operations. */
    private void addBoth(long[][] planes, int words, float[] sums) {
        for (int w = 0; w < words; w++) {
            for (int j = 0; j < 8; j++) {
                long low = transpose(bytes(planes, 0, w, j));
                long high = transpose(bytes(planes, 8, w, j));
                for (int k = 0; k < 8; k++) {
                    int shift = 8 * k;
                    int number = ((int) (low >>> shift) & 255) | (((int) (high >>> shift) & 255) << 8);
                    sums[(w << 6) + 8 * j + k] += leaves[number];
                }
            }
        }
    }

    private static long bytes(long[][] planes, int first, int word, int at) {
        long x = 0;
        for (int p = 0; p < 8; p++) {
            x |= ((planes[first + p][word] >>> (8 * at)) & 255) << (8 * p);
        }
        return x;
    }
}
