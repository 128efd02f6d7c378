package dev.arclight.serve;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Which share of requests another version answers. A request's bytes decide, not chance: sent again, it goes to the
 * same version.
 *
 * @param keys of the models, the main one first
 * @param percents of the requests that each answers; they add up to 100
 */
record Canary(List<String> keys, List<Double> percents) {
    private static final Pattern SHARE = Pattern.compile("([^=]+)=([0-9]{1,3}(?:\\.[0-9]+)?)");
    private static final int STEPS = 1_000_000;

    Canary {
        keys = List.copyOf(keys);
        percents = List.copyOf(percents);
    }

    /** What {@code models:/name@champion=95,challenger=5} says: aliases in place of keys. */
    static Canary ofAliases(String uri, String shares) {
        List<String> aliases = new ArrayList<>();
        List<Double> percents = new ArrayList<>();
        double sum = 0;
        for (String share : shares.split(",", -1)) {
            Matcher matcher = SHARE.matcher(share);
            if (!matcher.matches() || aliases.contains(matcher.group(1))) {
                throw ArclightException.badInput(
                        "Cannot serve '%s': expected different aliases with percents, such as models:/name@champion=95,challenger=5"
                                .formatted(uri));
            }
            aliases.add(matcher.group(1));
            percents.add(Double.parseDouble(matcher.group(2)));
            sum += percents.get(percents.size() - 1);
        }
        if (Math.abs(sum - 100) > 1e-9) {
            throw ArclightException.badInput("Cannot serve '%s': the shares add up to %s, not 100".formatted(uri, sum));
        }
        return new Canary(aliases, percents);
    }

    /** The key of the model that answers this body. */
    String pick(byte[] body) {
        CRC32 hash = new CRC32();
        hash.update(body);
        double place = hash.getValue() % STEPS * (100.0 / STEPS);
        for (int i = 0; i < keys.size() - 1; i++) {
            if (place < percents.get(i)) {
                return keys.get(i);
            }
            place -= percents.get(i);
        }
        return keys.get(keys.size() - 1);
    }
}
