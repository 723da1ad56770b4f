/**
 * Planning: what is missing until a Divio environment is on a newer PostgreSQL.
 *
 * <p>Start with {@link io.github.divio4j.upgrade.UpgradeSpec}, the wish, and
 * {@link io.github.divio4j.upgrade.UpgradePlanner}, which compares it with what was observed:
 *
 * <pre>{@code
 * UpgradeSpec spec = UpgradeSpec.to("15").build();
 * UpgradePlan plan = UpgradePlanner.plan(observations, spec);
 * for (Step step : plan.steps()) {
 *     System.out.println(step.describe());
 * }
 * }</pre>
 *
 * <p>Everything here is data or a pure function: no HTTP, no JSON, no SQL, no clock, no randomness. Running a plan is in
 * {@code upgrade.run}, talking to Divio in {@code upgrade.divio}.
 */
@NullMarked
package io.github.divio4j.upgrade;

import org.jspecify.annotations.NullMarked;
