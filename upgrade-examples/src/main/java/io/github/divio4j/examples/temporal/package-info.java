/**
 * Upgrades driven by <a href="https://temporal.io">Temporal</a>, for those who outgrow one machine: any number of workers on any number of
 * machines, any of which may die at any time. Start with {@link io.github.divio4j.examples.temporal.TemporalMain}.
 *
 * <p>One workflow for each environment makes the steps of a saved plan true, one after the other; one for each wave is the parent of those,
 * and asks for approval; one for the fleet sees to the order. They wait by Temporal's timers, so nothing waits in a thread. The calls are
 * activities, each of which looks afresh before it acts ({@link io.github.divio4j.upgrade.run.StepByStep}); so one that is repeated because
 * its worker died finds what that had done.
 *
 * <p>What to do is planned before the workflows begin, by who starts them, and handed over as JSON with a version
 * ({@link io.github.divio4j.upgrade.store.PlanFile}): that is what people approve, and workflow code that only reads it is deterministic.
 * What is left of it is planned afresh in each activity, from what is seen there.
 */
@NullMarked
package io.github.divio4j.examples.temporal;

import org.jspecify.annotations.NullMarked;
