package io.github.divio4j.examples.measure;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Kills the process that upgrades (SIGKILL), and those that resume it, at random moments, while the application writes and the
 * servers acknowledge only what is on the disk. Then the upgrade is resumed to its end, or rolled back, and looked into.
 */
final class ChaosMeasurement implements Measurement {
    private static final int MOST_KILLS_IN_A_ROUND = 6;
    /** Of so many rounds, one goes back. */
    private static final int BACK = 3;

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        Arguments given = Arguments.of("chaos", arguments, Map.of("--kills", 40L, "--seed", 1L));
        int kills = given.number("--kills", 1, 100_000);
        Random random = new Random(given.any("--seed"));
        ChaosRound.Verdict all = ChaosRound.Verdict.NONE;
        for (int round = 1; all.kills() < kills; round++) {
            int most = Math.min(kills - all.kills(), 1 + random.nextInt(MOST_KILLS_IN_A_ROUND));
            boolean back = random.nextInt(BACK) == 0;
            try (ChaosRound played = new ChaosRound(new Random(random.nextLong()), most, back, out)) {
                ChaosRound.Verdict verdict = played.play();
                out.println("round " + round + ": " + verdict);
                all = all.and(verdict);
            }
        }
        return new Numbers()
                .put("kills", all.kills())
                .put("lost_acknowledged", all.lostAcknowledged())
                .put("duplicated", all.duplicated())
                .put("violations", all.violations())
                .put("unresumed", all.unresumed())
                .put("fence_left", all.fenceLeft());
    }
}
