package io.github.divio4j.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a call whose form no public source of Divio shows.
 *
 * <p>The form that is used is the one that the rest of the API makes most probable: it is built with Django REST Framework, and has paths
 * that end in a verb. Check such a call against the platform before anything depends on it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Assumed {
    /** Returns what is sent, and what makes it probable. */
    String evidence();

    /** Returns what to do instead when the platform does not have the call; empty when nothing is known. */
    String fallback() default "";
}
