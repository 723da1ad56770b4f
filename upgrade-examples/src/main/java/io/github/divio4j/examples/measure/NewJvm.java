package io.github.divio4j.examples.measure;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** How to start a JVM like this one. */
final class NewJvm {
    private NewJvm() {}

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Maven runs measurements in its own JVM, whose class path is another. */
    static String classPath() throws URISyntaxException {
        if (!(NewJvm.class.getClassLoader() instanceof URLClassLoader loader)) {
            return System.getProperty("java.class.path");
        }
        StringBuilder path = new StringBuilder();
        for (URL url : loader.getURLs()) {
            path.append(path.isEmpty() ? "" : File.pathSeparator).append(Path.of(url.toURI()));
        }
        return path.toString();
    }
}
