package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of the name of an image.
 *
 * @param kind what was decided
 * @param edits the parts of the name to replace, if it changes
 * @param why for people, if it does not change
 */
record ImageDecision(Kind kind, List<TextEdit> edits, String why) {

    enum Kind {
        CHANGE,
        UP_TO_DATE,
        NEWER,
        UNDECIDED
    }

    private static final String GIVE_TAG = "Give the tag to use for this service.";

    static ImageDecision of(ImageName image, LocalSpec spec, @Nullable String givenTag) {
        if (!image.wellFormed()) {
            return new ImageDecision(
                    Kind.UNDECIDED, List.of(), "\"" + shown(image) + "\" is no valid name of an image. Correct it.");
        }
        if (givenTag != null) {
            return given(image, givenTag);
        }
        LocalVersion to = spec.version();
        ImageFamily family = image.family();
        if (family == null) {
            return undecided("which tags " + shown(image) + " has, and which PostgreSQL is in them, cannot be known");
        }
        ImageFamily.Found found = family.find(image.tag());
        if (found == null) {
            return unversioned(image, family, to, spec.dropDigests());
        }
        PostgresVersion major = ImageFamily.major(found.version());
        if (major == null) {
            return undecided(shown(image) + " names no version of PostgreSQL that is known");
        }
        String written = family.written(to);
        boolean preliminary = found.version().matches(".*[a-z].*");
        boolean otherRelease = to.exact() && !found.version().equals(written);
        if (major.equals(to.major()) && !otherRelease && !preliminary) {
            return new ImageDecision(Kind.UP_TO_DATE, List.of(), shown(image) + " is " + to.major());
        }
        if (major.compareTo(to.major()) > 0) {
            return new ImageDecision(
                    Kind.NEWER, List.of(), shown(image) + " is newer than " + to + ", and stays as it is");
        }
        Optional<String> whyNot = found.flavour().isEmpty() ? Optional.empty() : family.whyNot(found.flavour(), to);
        if (whyNot.isEmpty() && family == ImageFamily.PGVECTOR) {
            whyNot = family.whyNot(found.flavour(), to);
        }
        if (whyNot.isPresent()) {
            return undecided(shown(image) + " stays: " + whyNot.get());
        }
        int at = image.tagStart();
        return change(image, new TextEdit(at + found.start(), at + found.end(), written), spec.dropDigests());
    }

    private static ImageDecision unversioned(ImageName image, ImageFamily family, LocalVersion to, boolean dropDigest) {
        String tag = image.tag().indexOf(Interpolation.UNKNOWN) < 0 ? family.tagWithout(image.tag(), to) : null;
        boolean onlyDigest = image.digested() && !image.tagged();
        if (tag == null || onlyDigest) {
            return undecided(shown(image) + " does not say which PostgreSQL it is");
        }
        TextEdit edit = image.tagged()
                ? new TextEdit(image.tagStart(), image.tagEnd(), tag)
                : new TextEdit(image.tagEnd(), image.tagEnd(), ":" + tag);
        return change(image, edit, dropDigest);
    }

    private static ImageDecision change(ImageName image, TextEdit edit, boolean dropDigest) {
        List<TextEdit> edits = new ArrayList<>(List.of(edit));
        if (image.digested()) {
            if (!dropDigest) {
                return new ImageDecision(
                        Kind.UNDECIDED,
                        List.of(),
                        shown(image)
                                + " is held fast by its digest, and that of the new version cannot be known. Give the "
                                + "tag and the digest to use, or let digests be dropped.");
            }
            edits.add(new TextEdit(image.tagEnd(), image.text().length(), ""));
        }
        return new ImageDecision(Kind.CHANGE, edits, "");
    }

    private static ImageDecision given(ImageName image, String tag) {
        boolean tagged = image.tagged();
        String now = image.text().substring(tagged ? image.tagStart() : image.tagEnd());
        if (now.equals(tag)) {
            return new ImageDecision(Kind.UP_TO_DATE, List.of(), shown(image) + " is what was asked for");
        }
        TextEdit edit = tagged
                ? new TextEdit(image.tagStart(), image.text().length(), tag)
                : new TextEdit(image.tagEnd(), image.text().length(), ":" + tag);
        return new ImageDecision(Kind.CHANGE, List.of(edit), "");
    }

    private static ImageDecision undecided(String why) {
        return new ImageDecision(Kind.UNDECIDED, List.of(), why + ". " + GIVE_TAG);
    }

    private static String shown(ImageName image) {
        return image.text().replace(Interpolation.UNKNOWN, '?');
    }
}
