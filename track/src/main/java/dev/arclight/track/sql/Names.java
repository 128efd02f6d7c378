package dev.arclight.track.sql;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** Ids and made-up names. Safe for use by many threads. */
final class Names {
    private static final List<String> FIRST = List.of(
            "amber", "bold", "brave", "bright", "calm", "clear", "clever", "cosmic", "crisp", "deep", "eager", "fair",
            "fleet", "gentle", "golden", "grand", "happy", "keen", "kind", "lively", "lucky", "mellow", "merry",
            "nimble", "noble", "polite", "proud", "quick", "quiet", "rare", "serene", "silver", "smart", "steady",
            "sunny", "swift", "tidy", "vivid", "warm", "wise");
    private static final List<String> SECOND = List.of(
            "ant", "bear", "bee", "cat", "crane", "crow", "deer", "dove", "duck", "eagle", "elk", "fawn", "finch",
            "fish", "fox", "frog", "goat", "goose", "gull", "hare", "hawk", "heron", "horse", "koala", "lark", "lynx",
            "mole", "moth", "mouse", "newt", "otter", "owl", "panda", "quail", "robin", "seal", "stork", "swan",
            "trout", "wren");

    private final SecureRandom random = new SecureRandom();

    /** 32 hexadecimal digits. */
    String id() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Such as {@code swift-otter-417}. */
    String name() {
        return FIRST.get(random.nextInt(FIRST.size())) + "-" + SECOND.get(random.nextInt(SECOND.size())) + "-"
                + random.nextInt(1000);
    }
}
