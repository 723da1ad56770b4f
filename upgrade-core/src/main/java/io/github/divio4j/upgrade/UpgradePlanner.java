package io.github.divio4j.upgrade;

/** Plans upgrades. */
public final class UpgradePlanner {
    private UpgradePlanner() {}
}
