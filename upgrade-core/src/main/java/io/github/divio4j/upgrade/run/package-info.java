/**
 * Running a plan: {@link io.github.divio4j.upgrade.run.UpgradeRunner} drives an
 * {@link io.github.divio4j.upgrade.run.Observer} and a {@link io.github.divio4j.upgrade.run.StepExecutor}, which are the
 * two interfaces to implement for a platform of your own. Start with the runner; those who bring their own executor or
 * scheduler need only {@code StepExecutor} and {@code UpgradePlanner}.
 *
 * <p>Nothing here knows Divio's API: see {@code io.github.divio4j.upgrade.divio}.
 */
@NullMarked
package io.github.divio4j.upgrade.run;

import org.jspecify.annotations.NullMarked;
