/**
 * Running a plan: {@link io.github.divio4j.upgrade.run.UpgradeRunner} drives an
 * {@link io.github.divio4j.upgrade.run.Observer} and a {@link io.github.divio4j.upgrade.run.StepExecutor}, which are the
 * two interfaces to implement for a platform of your own. Start with the runner; those who bring their own executor or
 * scheduler need only {@code StepExecutor} and {@code UpgradePlanner}, and {@link io.github.divio4j.upgrade.run.StepByStep} to call the
 * one as the other wants.
 *
 * <pre>{@code
 * RunReport report = UpgradeRunner.builder(observer, executor)
 *         .sideBySide(pool, 20)                         // 20 environments at once
 *         .canaries(1)                                  // the first of each wave alone
 *         .gate(wave -> wave.number() == 0 || people.agree(wave) ? Answer.GO : Answer.STOP)
 *         .journal(journal)                             // finds operations by id after a crash
 *         .runDeadline(Duration.ofHours(6))
 *         .build()
 *         .run(spec);
 * }</pre>
 *
 * <p>A run that ended early, for whatever reason, is resumed by running again.
 *
 * <p>Nothing here knows Divio's API: see {@code io.github.divio4j.upgrade.divio}.
 */
@NullMarked
package io.github.divio4j.upgrade.run;

import org.jspecify.annotations.NullMarked;
